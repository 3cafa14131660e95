"""A host gives an event other times or another place, and those who have booked hear of it."""

import datetime as dt

import pytest
from django.forms import model_to_dict
from django.test import Client

from bookings.models import Notice, NoticeKind
from events.models import Event, EventStatus
from tests.bookings.hosted import booked, hosted_event, page_of
from tests.factories import CityFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    return hosted_event(client)


def shown(client: Client, event: Event, step: str) -> dict[str, str]:
    return submission(client.get(page_of(event, step)).content.decode())


def test_a_new_time_is_told_to_the_buyers_with_the_host_s_words(
    client: Client, event: Event
) -> None:
    booked(event)
    before = str(event.schedule)
    fields = shown(client, event, "hosted_when")
    assert fields["tell_buyers"] == "on"

    response = client.post(
        page_of(event, "hosted_when"),
        fields | {"starts_time": "18:30", "words_to_buyers": "The hall closes early."},
    )

    assert response.headers["Location"] == page_of(event, "hosted_edit")
    notice = Notice.objects.get()
    assert (notice.kind, notice.bookings_to_tell) == (NoticeKind.CHANGED, 1)
    assert (notice.old_time, notice.old_place) == (before, "")
    assert notice.text == "The hall closes early."
    assert "1 buyer is being told." in client.get(response.headers["Location"]).content.decode()


def test_a_new_place_is_told_to_the_buyers(client: Client, event: Event) -> None:
    booked(event)
    CityFactory(name="Potsdam")
    fields = shown(client, event, "hosted_where")

    client.post(page_of(event, "hosted_where"), fields | {"city": "Potsdam"})

    assert "Blue Room" in Notice.objects.get().old_place
    event.refresh_from_db()
    assert event.city.name == "Potsdam"


@pytest.mark.parametrize("step", ["hosted_when", "hosted_where"])
def test_nothing_is_told_if_nothing_changed_or_the_host_says_so(
    client: Client, event: Event, step: str
) -> None:
    booked(event)
    fields = shown(client, event, step)

    assert client.post(page_of(event, step), fields).status_code == 302
    del fields["tell_buyers"]
    changed = fields | ({"starts_time": "18:30"} if step == "hosted_when" else {"venue": "Hall"})
    assert client.post(page_of(event, step), changed).status_code == 302

    assert not Notice.objects.exists()


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.PUBLISHED])
def test_where_nobody_has_booked_nobody_is_asked_about(
    client: Client, event: Event, status: EventStatus
) -> None:
    Event.objects.update(status=status)

    assert "tell_buyers" not in shown(client, event, "hosted_when")
    assert "tell_buyers" not in shown(client, event, "hosted_where")


def test_bad_input_comes_back_with_all_that_was_typed(client: Client, event: Event) -> None:
    fields = shown(client, event, "hosted_when") | {"starts_time": "7pm", "starts_on": "2030-01-01"}

    response = client.post(page_of(event, "hosted_when"), fields)

    assert response.status_code == 400
    assert submission(response.content.decode())["starts_time"] == "7pm"
    assert submission(response.content.decode())["starts_on"] == "2030-01-01"


def test_going_back_from_an_empty_step_asks_for_nothing(client: Client, event: Event) -> None:
    Event.objects.update(status=EventStatus.DRAFT, is_scheduled=False)
    fields = shown(client, event, "hosted_when")

    response = client.post(page_of(event, "hosted_when"), fields | {"then": "back"})
    assert response.headers["Location"] == f"/hosting/{event.slug}/edit/what/"
    typed = fields | {"then": "back", "starts_time": "19:00"}
    assert client.post(page_of(event, "hosted_when"), typed).status_code == 400


def test_an_event_that_is_saved_as_shown_stays_as_it_was(client: Client, event: Event) -> None:
    Event.objects.update(starts_at=event.starts_at + dt.timedelta(seconds=17))
    before = model_to_dict(Event.objects.get())

    for step in ("hosted_when", "hosted_where"):
        assert client.post(page_of(event, step), shown(client, event, step)).status_code == 302

    assert model_to_dict(Event.objects.get()) == before
