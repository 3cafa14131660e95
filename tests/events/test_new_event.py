"""The first step of a new event, and the same step later on."""

import uuid
from typing import Any

import pytest
from django.test import Client

from events.forms.editing.page import PageForm
from events.models import Event, EventStatus, Host, HostMember, HostRole
from tests.factories import CategoryFactory, EventFactory, HostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(visitor: Any) -> Host:
    return HostFactory(owner=visitor)


def first_step(host: Host, **changes: str) -> dict[str, str]:
    return {
        "key": str(uuid.uuid4()),
        "title": "Night of the Organ",
        "category": str(CategoryFactory().pk),
        "host": str(host.pk),
    } | changes


def test_makes_a_draft_without_a_date_and_goes_on(client: Client, host: Host) -> None:
    response = client.post("/hosting/new/", first_step(host))

    event = Event.objects.get()
    assert response.headers["Location"] == "/hosting/night-of-the-organ/edit/when/"
    assert (event.status, event.is_scheduled, event.host) == (EventStatus.DRAFT, False, host)
    assert "No date yet" in client.get(event.get_absolute_url()).content.decode()


def test_sent_twice_makes_one_draft(client: Client, host: Host) -> None:
    form = first_step(host)

    first, second = client.post("/hosting/new/", form), client.post("/hosting/new/", form)

    assert first.headers["Location"] == second.headers["Location"]
    assert Event.objects.count() == 1


def test_gone_back_to_and_written_anew_the_draft_has_the_new_words(
    client: Client, host: Host
) -> None:
    form = first_step(host)
    client.post("/hosting/new/", form)

    client.post("/hosting/new/", form | {"title": "Night of two organs"})

    assert Event.objects.get().title == "Night of two organs"


def test_what_was_published_meanwhile_keeps_its_words(client: Client, host: Host) -> None:
    form = first_step(host)
    client.post("/hosting/new/", form)
    Event.objects.update(status=EventStatus.PUBLISHED, is_scheduled=True)

    client.post("/hosting/new/", form | {"title": "Night of two organs"})

    assert Event.objects.get().title == "Night of the Organ"


def test_a_draft_without_a_date_is_in_no_calendar(client: Client, host: Host) -> None:
    client.post("/hosting/new/", first_step(host))
    path = f"/event/{Event.objects.get().slug}/event.ics"

    assert client.get(path).status_code == 404
    Event.objects.update(is_scheduled=True)
    assert client.get(path).status_code == 200


def test_a_title_that_there_is_already_gets_an_address_of_its_own(
    client: Client, host: Host
) -> None:
    for _ in range(2):
        client.post("/hosting/new/", first_step(host))

    slugs = Event.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["night-of-the-organ", "night-of-the-organ-2"]


@pytest.mark.parametrize("role", [None, HostRole.DOOR])
def test_refuses_a_host_that_one_does_not_manage(
    client: Client, visitor: Any, host: Host, role: str | None
) -> None:
    other = HostFactory()
    if role:
        HostMember.objects.create(host=other, user=visitor, role=role)

    response = client.post("/hosting/new/", first_step(other))

    assert response.status_code == 400
    assert 'value="Night of the Organ"' in response.content.decode()
    assert not Event.objects.exists()


def test_offers_the_hosts_that_one_manages_and_no_other(
    client: Client, visitor: Any, host: Host
) -> None:
    managed, door, other = HostFactory(), HostFactory(), HostFactory()
    HostMember.objects.create(host=managed, user=visitor, role=HostRole.MANAGER)
    HostMember.objects.create(host=door, user=visitor, role=HostRole.DOOR)

    form = client.get("/hosting/new/").context["form"]

    assert set(form.fields["host"].queryset) == {host, managed}
    assert other.name not in client.get("/hosting/new/").content.decode()


@pytest.mark.usefixtures("visitor")
def test_tells_who_manages_no_host_how_to_become_one(client: Client) -> None:
    assert 'href="/hosting/start/"' in client.get("/hosting/new/").content.decode()
    assert client.post("/hosting/new/", {"title": "Jazz"}).status_code == 200
    assert not Event.objects.exists()


def test_is_for_those_who_are_logged_in(client: Client) -> None:
    assert client.get("/hosting/new/").headers["Location"].startswith("/accounts/login/")


def test_a_new_title_leaves_the_address(client: Client, host: Host) -> None:
    event = EventFactory(host=host, status=EventStatus.DRAFT)

    client.post(f"/hosting/{event.slug}/edit/what/", first_step(host, title="Renamed"))

    renamed = Event.objects.get()
    assert (renamed.title, renamed.slug) == ("Renamed", event.slug)


def test_an_event_that_was_published_keeps_its_host(
    client: Client, visitor: Any, host: Host
) -> None:
    event = EventFactory(host=host)
    other = HostFactory(owner=visitor)

    response = client.post(f"/hosting/{event.slug}/edit/what/", first_step(other, title="Renamed"))

    assert response.headers["Location"] == f"/hosting/{event.slug}/edit/"
    renamed = Event.objects.get()
    assert (renamed.title, renamed.host) == ("Renamed", host)


def test_saving_a_step_leaves_what_others_do_meanwhile(client: Client, host: Host) -> None:
    event = EventFactory(host=host, status=EventStatus.DRAFT)
    form = PageForm({"summary": "An organ.", "cancellation_hours": "48"}, instance=event)
    assert form.is_valid(), form.errors
    Event.objects.update(status=EventStatus.PUBLISHED, title="Renamed")
    form.save()

    event.refresh_from_db()
    assert (event.title, event.status) == ("Renamed", EventStatus.PUBLISHED)
    assert (event.summary, event.cancellation_hours) == ("An organ.", 48)
