"""A host's ticket types: a new one, changing one, their order, and the end of one."""

import datetime as dt

import pytest
from django.test import Client

from bookings.models import PromoCode, WaitlistEntry, WaitlistStatus
from events.models import Event, EventStatus, TicketStock, TicketType
from tests.bookings.hosted import booked, hosted_event, page_of
from tests.factories import TicketTypeFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Balcony",
    "price": "12.50",
    "currency": "EUR",
    "capacity": "40",
    "min_per_booking": "1",
    "max_per_booking": "6",
}


@pytest.fixture
def event(client: Client) -> Event:
    return hosted_event(client)


@pytest.fixture
def standard(event: Event) -> TicketType:
    return event.ticket_types.get()


def test_the_first_one_is_a_step_like_the_others(client: Client, standard: TicketType) -> None:
    event = standard.event
    Event.objects.update(status=EventStatus.DRAFT)
    standard.delete()

    response = client.post(page_of(event, "hosted_tickets"), NEW)

    assert response.headers["Location"] == f"/hosting/{event.slug}/edit/page/"
    ticket_type = event.ticket_types.get()
    assert (ticket_type.name, str(ticket_type.price), ticket_type.max_per_booking) == (
        "Balcony",
        "12.50",
        6,
    )
    assert ticket_type.stock.capacity == 40


def test_another_one_goes_to_the_list(client: Client, event: Event) -> None:
    sale = {"sales_start": "2026-07-01T10:00", "sales_end": "2026-07-04T18:00", "is_hidden": "on"}

    response = client.post(page_of(event, "hosted_new_ticket_type"), NEW | sale)

    assert response.headers["Location"] == page_of(event, "hosted_tickets")
    ticket_type = event.ticket_types.get(name="Balcony")
    assert ticket_type.sales_start == dt.datetime(2026, 7, 1, 8, tzinfo=dt.UTC)
    assert ticket_type.is_hidden
    assert "40" in client.get(page_of(event, "hosted_tickets")).content.decode()


def test_a_capacity_below_what_is_taken_is_refused_with_the_numbers(
    client: Client, standard: TicketType
) -> None:
    TicketStock.objects.update(taken=7)
    address = page_of(standard.event, "hosted_ticket_type", standard.pk)
    fields = submission(client.get(address).content.decode())

    response = client.post(address, fields | {"capacity": "5", "name": "Renamed"})

    assert response.status_code == 400
    assert "7 places are taken, so the capacity cannot be 5." in response.content.decode()
    assert submission(response.content.decode())["name"] == "Renamed"
    standard.refresh_from_db()
    assert (standard.name, standard.stock.capacity) == ("Standard", 10)


@pytest.mark.django_db(transaction=True)
def test_more_places_are_offered_to_those_who_wait(client: Client) -> None:
    event = hosted_event(client)
    ticket_type = event.ticket_types.get()
    TicketStock.objects.update(taken=10, waiting=1)
    entry = WaitlistEntry.objects.create(
        ticket_type=ticket_type, quantity=1, name="Ada", email="ada@example.com"
    )
    address = page_of(event, "hosted_ticket_type", ticket_type.pk)
    fields = submission(client.get(address).content.decode())

    client.post(address, fields | {"capacity": "11"})

    entry.refresh_from_db()
    assert entry.status == WaitlistStatus.OFFERED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"price": "-1"}, "price"),
        ({"currency": "XXX"}, "currency"),
        ({"capacity": "many"}, "capacity"),
        ({"min_per_booking": "7"}, "__all__"),
        ({"sales_start": "2026-03-29T02:30"}, "sales_start"),
        ({"sales_start": "2026-07-05T10:00", "sales_end": "2026-07-04T10:00"}, "__all__"),
    ],
)
def test_what_cannot_be_is_refused(
    client: Client, event: Event, changes: dict[str, str], field: str
) -> None:
    response = client.post(page_of(event, "hosted_new_ticket_type"), NEW | changes)

    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    assert event.ticket_types.count() == 1


def test_they_move_up_and_down_and_stop_at_the_ends(client: Client, standard: TicketType) -> None:
    event = standard.event
    rows = [standard, *(TicketTypeFactory(event=event, name=name) for name in "AB")]

    def moved(row: TicketType, to: str) -> list[str]:
        client.post(page_of(event, "hosted_move_ticket_type", row.pk), {"to": to})
        return [row.name for row in event.ticket_types.all()]

    assert moved(rows[2], "up") == ["Standard", "B", "A"]
    assert moved(rows[0], "down") == ["B", "Standard", "A"]
    assert moved(rows[2], "up") == ["B", "Standard", "A"]
    assert moved(rows[1], "down") == ["B", "Standard", "A"]


def test_one_without_tickets_can_be_deleted(client: Client, event: Event) -> None:
    extra = TicketTypeFactory(event=event, name="Extra")

    client.post(page_of(event, "hosted_delete_ticket_type", extra.pk))

    assert not TicketType.objects.filter(pk=extra.pk).exists()


def test_one_with_tickets_stays_and_the_host_is_told_why(
    client: Client, standard: TicketType
) -> None:
    booked(standard.event, tickets=2)

    response = client.post(
        page_of(standard.event, "hosted_delete_ticket_type", standard.pk), follow=True
    )

    assert "“Standard” has 2 tickets, old ones included" in response.content.decode()
    assert TicketType.objects.filter(pk=standard.pk).exists()


def test_those_of_another_event_are_not_there(client: Client, event: Event) -> None:
    other = TicketTypeFactory()

    assert client.get(page_of(event, "hosted_ticket_type", other.pk)).status_code == 404
    for name in ("hosted_move_ticket_type", "hosted_delete_ticket_type"):
        assert client.post(page_of(event, name, other.pk)).status_code == 404
    assert TicketType.objects.filter(pk=other.pk).exists()


def test_one_that_a_promo_code_is_for_is_not_deleted(client: Client, event: Event) -> None:
    """The code would make all tickets cheaper then."""
    press = TicketTypeFactory(event=event, name="Press")
    code = PromoCode.objects.create(event=event, code="PRESS", value=100)
    code.ticket_types.add(press)
    address = page_of(event, "hosted_delete_ticket_type", press.pk)

    page = client.post(address, follow=True).content.decode()
    assert "PRESS" in page
    assert TicketType.objects.filter(pk=press.pk).exists()

    code.ticket_types.add(event.ticket_types.exclude(pk=press.pk).get())
    client.post(address)
    assert not TicketType.objects.filter(pk=press.pk).exists()
