"""What people read of an event: writing it, looking at the text, and the whole page beforehand."""

from typing import Any

import pytest
from django.test import Client

from events.models import Event, EventStatus
from tests.factories import EventFactory, HostFactory, TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db

TERMS = {"cancellation_hours": "24", "description": "Come **early**."}


@pytest.fixture
def draft(visitor: Any) -> Event:
    return EventFactory(host=HostFactory(owner=visitor), status=EventStatus.DRAFT)


def step_of(event: Event) -> str:
    return f"/hosting/{event.slug}/edit/page/"


def test_saves_texts_access_and_terms_and_goes_to_the_checklist(
    client: Client, draft: Event
) -> None:
    fields = TERMS | {"language": "English", "is_step_free": "on", "max_tickets_per_person": "4"}

    response = client.post(step_of(draft), fields)

    assert response.headers["Location"] == f"/hosting/{draft.slug}/edit/"
    draft.refresh_from_db()
    assert (draft.description, draft.language) == ("Come **early**.", "English")
    assert draft.is_step_free
    assert not draft.allows_pay_at_door
    assert (draft.cancellation_hours, draft.max_tickets_per_person) == (24, 4)


def test_shows_how_the_text_will_look_and_saves_nothing_yet(client: Client, draft: Event) -> None:
    response = client.post(step_of(draft), TERMS | {"then": "look"})

    assert response.status_code == 200
    assert "<strong>early</strong>" in response.content.decode()
    draft.refresh_from_db()
    assert draft.description == "Doors open at **seven**."


def test_shows_the_text_whatever_else_is_wrong(client: Client, draft: Event) -> None:
    response = client.post(step_of(draft), TERMS | {"then": "look", "website": "no address"})

    assert response.status_code == 400
    assert "<strong>early</strong>" in response.content.decode()
    assert 'value="no address"' in response.content.decode()


def test_what_cannot_be_comes_back_with_all_that_was_typed(client: Client, draft: Event) -> None:
    response = client.post(step_of(draft), TERMS | {"website": "no address"})

    assert response.status_code == 400
    assert "Come **early**." in response.content.decode()
    assert 'value="no address"' in response.content.decode()


def test_keeps_any_number_of_hours_that_there_is(client: Client, draft: Event) -> None:
    Event.objects.update(cancellation_hours=5)

    assert "Until 5 hours before" in client.get(step_of(draft)).content.decode()
    assert client.post(step_of(draft), {"cancellation_hours": "5"}).status_code == 302
    draft.refresh_from_db()
    assert draft.cancellation_hours == 5


def test_preview_is_the_page_that_visitors_will_see(client: Client, draft: Event) -> None:
    TicketTypeFactory(event=draft, name="Balcony")
    TicketTypeFactory(event=draft, name="Backstage", is_hidden=True)

    html = client.get(f"/hosting/{draft.slug}/preview/").content.decode()

    assert "<strong>Preview.</strong>" in html
    assert "Doors open at <strong>seven</strong>" in html
    assert "Balcony" in html
    assert "Backstage" not in html
    assert 'class="badge draft"' not in html
    assert f"/event/{draft.slug}/book/" not in html
    draft.refresh_from_db()
    assert draft.status == EventStatus.DRAFT


def test_preview_of_what_is_published_is_its_page(client: Client, draft: Event) -> None:
    Event.objects.update(status=EventStatus.PUBLISHED)

    response = client.get(f"/hosting/{draft.slug}/preview/")

    assert response.headers["Location"] == draft.get_absolute_url()


def test_nobody_else_gets_there(client: Client, draft: Event) -> None:
    client.force_login(UserFactory())

    for page in ("edit/what/", "edit/page/", "preview/", "duplicate/"):
        assert client.get(f"/hosting/{draft.slug}/{page}").status_code == 404
        assert client.post(f"/hosting/{draft.slug}/{page}").status_code in (404, 405)
