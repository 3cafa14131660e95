"""What was added up and what has changed since are together what a count of the rows gives."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from bookings.actors import SYSTEM
from bookings.models import (
    Booking,
    BookingStatus,
    DailySales,
    PaymentMethod,
    PlatformSales,
    SalesChange,
    Ticket,
)
from bookings.services.booking import cancel_booking, confirm_booking
from bookings.services.figures import add_sales_changes, correct_figures
from events.models import Event
from tests.bookings.figures.counting import counted, told
from tests.factories import BookingFactory, HoldFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db

SOURCES = ["", "newsletter", "poster"]


@pytest.fixture
def event() -> Event:
    """With places that are taken already: the steps move tickets past the stock."""
    places = {"capacity": 1000, "taken": 500}
    first = TicketTypeFactory(price=Decimal("12.50"), **places)
    TicketTypeFactory(event=first.event, name="Reduced", price=Decimal(8), **places)
    return first.event


def book(event: Event, rng: random.Random) -> Booking:
    ticket_types = list(event.ticket_types.all())
    return BookingFactory(
        event=event,
        tickets=rng.choices(ticket_types, k=rng.randint(1, 4)),
        source=rng.choice(SOURCES),
        payment_method=PaymentMethod.AT_DOOR,
        confirmed_at=timezone.now() - dt.timedelta(hours=rng.randint(0, 500)),
    )


def confirm(event: Event, rng: random.Random) -> None:
    ticket_type = event.ticket_types.first()
    hold = HoldFactory(
        event=event, tickets=[ticket_type], total=ticket_type.price, source=rng.choice(SOURCES)
    )
    confirm_booking(
        booking=hold,
        name="Ada",
        email="ada@example.com",
        attendee_names={ticket.pk: "Ada" for ticket in hold.tickets.all()},
        payment_method=PaymentMethod.AT_DOOR,
    )


def one_of(rows: QuerySet, rng: random.Random) -> Any:
    """None where there are none. PostgreSQL's own choice would be another in each run."""
    found = list(rows.order_by("pk"))
    return rng.choice(found) if found else None


def cancel(event: Event, rng: random.Random) -> None:
    if booking := one_of(event.bookings.confirmed(), rng):
        cancel_booking(booking=booking, by=SYSTEM)


def move_a_ticket(event: Event, rng: random.Random) -> None:
    if ticket := one_of(Ticket.objects.filter(booking__event=event), rng):
        ticket.ticket_type = rng.choice(list(event.ticket_types.all()))
        ticket.price = Decimal(rng.randint(0, 20))
        ticket.save()


def add_a_ticket(event: Event, rng: random.Random) -> None:
    if booking := one_of(event.bookings.confirmed(), rng):
        Ticket.objects.create(
            booking=booking, ticket_type=event.ticket_types.first(), price=Decimal(3)
        )


def delete(event: Event, rng: random.Random) -> None:
    """As an admin could, with all that belongs to it."""
    if booking := one_of(event.bookings.filter(changes=None), rng):
        booking.tickets.all().delete()
        booking.delete()


def change_source(event: Event, rng: random.Random) -> None:
    event.bookings.filter(source="poster").update(source="flyer")


def job(event: Event, rng: random.Random) -> None:
    add_sales_changes()


STEPS = (book, book, confirm, cancel, move_a_ticket, add_a_ticket, delete, change_source, job)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_in_whatever_order_the_figures_are_what_a_count_gives(
    event: Event, seed: int
) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        rng.choice(STEPS)(event, rng)
        assert told(event) == counted(event)

    assert told(event)["days"]
    add_sales_changes()
    assert not SalesChange.objects.exists()
    assert told(event) == counted(event)
    of_all = PlatformSales.objects.exclude(tickets=0)
    days = {(row.day, row.currency): (row.tickets, row.revenue) for row in of_all}
    assert days == counted(event)["days"]


def test_nothing_is_left_to_correct(event: Event) -> None:
    rng = random.Random(7)
    for step in STEPS * 4:
        step(event, rng)

    assert correct_figures() == 0


def test_holds_and_what_ran_out_do_not_count(event: Event) -> None:
    ticket_type = event.ticket_types.first()
    HoldFactory(event=event, tickets=[ticket_type])
    hold = HoldFactory(event=event, tickets=[ticket_type])
    Booking.objects.filter(pk=hold.pk).update(status=BookingStatus.EXPIRED)

    assert not SalesChange.objects.exists()
    assert told(event) == {"days": {}, "types": {}, "sources": {}, "bookings": {}}


def test_a_booking_counts_on_the_day_at_the_place(event: Event) -> None:
    """Half past midnight in Auckland is the day before in UTC."""
    Event.objects.update(timezone="Pacific/Auckland")
    at = dt.datetime(2026, 6, 10, 12, 30, tzinfo=dt.UTC)
    event.refresh_from_db()
    BookingFactory(event=event, tickets=[event.ticket_types.first()], confirmed_at=at)

    expected = {(dt.date(2026, 6, 11), "EUR"): (1, Decimal("12.50"))}
    assert told(event)["days"] == expected
    add_sales_changes()
    assert told(event)["days"] == expected


def test_another_time_zone_is_corrected_by_the_nightly_comparison(event: Event) -> None:
    at = dt.datetime(2026, 6, 10, 12, 30, tzinfo=dt.UTC)
    BookingFactory(event=event, tickets=[event.ticket_types.first()], confirmed_at=at)
    add_sales_changes()
    Event.objects.update(timezone="Pacific/Auckland")
    event.refresh_from_db()
    assert told(event) != counted(event)

    assert correct_figures() > 0

    assert told(event) == counted(event)
    assert correct_figures() == 0


def test_what_bypassed_the_triggers_is_corrected(event: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        BookingFactory(event=event, tickets=[event.ticket_types.first()])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert told(event) != counted(event)

    correct_figures()

    assert told(event) == counted(event)


def test_only_days_that_changed_are_written(event: Event) -> None:
    rng = random.Random(3)
    for _ in range(5):
        book(event, rng)
    add_sales_changes()
    before = versions()
    sold_now = BookingFactory(event=event, tickets=[event.ticket_types.first()], source="talk")

    add_sales_changes()

    changed = {pk for pk, version in versions().items() if before.get(pk) != version}
    assert changed == {DailySales.objects.get(source=sold_now.source).pk}


def versions() -> dict[int, Any]:
    """Which version of a row is there, by its key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ctid::text FROM bookings_dailysales")
        return dict(cursor.fetchall())


def test_many_changes_are_added_in_several_statements(
    event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bookings.services.figures.CHANGES_AT_ONCE", 3)
    rng = random.Random(5)
    for _ in range(7):
        book(event, rng)

    assert add_sales_changes() >= 14
    assert not SalesChange.objects.exists()
    assert told(event) == counted(event)


def test_a_change_of_an_event_that_is_gone_is_left_out(event: Event) -> None:
    BookingFactory(event=event, tickets=[event.ticket_types.first()])
    SalesChange.objects.update(event_id=event.pk + 1)

    add_sales_changes()

    assert not DailySales.objects.exists()
    assert not SalesChange.objects.exists()
