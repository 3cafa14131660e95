"""An event once more, on another date."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from events.models import Event, EventStatus
from tests.events.edits import berlin, utc
from tests.factories import HostFactory, TicketTypeFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(visitor: Any) -> Event:
    event = berlin(2026, 7, 4, 17, title="Summer jazz", host=HostFactory(owner=visitor))
    TicketTypeFactory(
        event=event,
        name="Early",
        price=Decimal(8),
        capacity=30,
        taken=30,
        sales_start=utc(2026, 6, 1, 8),
        sales_end=utc(2026, 6, 20, 8),
        is_hidden=True,
    )
    return event


def copied(client: Client, event: Event, **changes: str) -> Event:
    address = f"/hosting/{event.slug}/duplicate/"
    fields = submission(client.get(address).content.decode())
    response = client.post(address, fields | {"starts_on": "2026-12-05"} | changes)
    assert response.status_code == 302, response.context["form"].errors
    return Event.objects.exclude(pk=event.pk).get()


def test_is_a_draft_with_everything_but_the_date_and_what_was_taken(
    client: Client, event: Event
) -> None:
    copy = copied(client, event)

    assert (copy.status, copy.slug) == (EventStatus.DRAFT, "summer-jazz")
    assert (copy.title, copy.description, copy.venue) == (
        event.title,
        event.description,
        event.venue,
    )
    assert copy.uid != event.uid
    assert (copy.starts_at, copy.ends_at) == (utc(2026, 12, 5, 18), utc(2026, 12, 5, 19))
    ticket_type = copy.ticket_types.get()
    assert (ticket_type.name, ticket_type.price, ticket_type.is_hidden) == ("Early", 8, True)
    assert (ticket_type.stock.capacity, ticket_type.stock.taken) == (30, 0)


def test_the_sale_moves_with_the_date_on_the_clock_of_the_place(
    client: Client, event: Event
) -> None:
    ticket_type = copied(client, event).ticket_types.get()

    assert ticket_type.sales_start == utc(2026, 11, 2, 9)
    assert ticket_type.sales_end - ticket_type.sales_start == dt.timedelta(days=19)


def test_needs_a_date(client: Client, event: Event) -> None:
    address = f"/hosting/{event.slug}/duplicate/"
    fields = submission(client.get(address).content.decode())
    assert (fields["starts_on"], fields["starts_time"]) == ("", "19:00")

    assert client.post(address, fields).status_code == 400
    assert Event.objects.count() == 1


def test_the_same_form_twice_makes_one_copy(client: Client, event: Event) -> None:
    address = f"/hosting/{event.slug}/duplicate/"
    fields = submission(client.get(address).content.decode()) | {"starts_on": "2026-12-05"}

    first, second = client.post(address, fields), client.post(address, fields)

    assert first.headers["Location"] == second.headers["Location"]
    assert Event.objects.count() == 2
    assert Event.objects.exclude(pk=event.pk).get().ticket_types.count() == 1
