"""When people came, as a host's figures show it."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client

from bookings.actors import SYSTEM
from bookings.figures.evening import CHECK_INS, Evening, evening_of, read_arrivals
from bookings.models import CheckIn, CheckInWay, Ticket
from bookings.services.check_in import undo_check_in
from events.models import Event
from tests.bookings.hosted import booked, hosted_event, page_of
from tests.factories import BookingFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 12, 5, 0, 0, tzinfo=dt.UTC)  # seven in the evening before, in New York
MANY = 20_000


@pytest.fixture
def event(client: Client) -> Event:
    return hosted_event(
        client,
        starts_at=START,
        ends_at=START + dt.timedelta(hours=4),
        timezone="America/New_York",
    )


def minutes(*numbers: int) -> list[dt.timedelta]:
    return [dt.timedelta(minutes=number) for number in numbers]


def come(event: Event, *after_the_start: dt.timedelta) -> list[Ticket]:
    tickets = list(booked(event, len(after_the_start)).tickets.select_related("booking__event"))
    CheckIn.objects.bulk_create(
        CheckIn(ticket=ticket, event=event, checked_in_at=START + after, how=CheckInWay.CODE)
        for ticket, after in zip(tickets, after_the_start, strict=True)
    )
    return tickets


def evening(event: Event) -> Evening:
    shown = evening_of(event, read_arrivals(event))
    assert shown
    return shown


def numbers(shown: Evening) -> list[tuple[str, ...]]:
    return [(row.label, *row.values) for row in shown.rows]


def test_counts_quarters_of_an_hour_on_the_clock_of_the_place(event: Event) -> None:
    come(event, *minutes(-16, -15, -1, 0, 59))
    booked(event)

    shown = evening(event)

    assert numbers(shown) == [
        ("18:30", "1", "1"),
        ("18:45", "2", "3"),
        ("19:00", "1", "4"),
        ("19:45", "1", "5"),
    ]
    bars, line = shown.plots
    assert bars.labels == ["18:30", "18:45", "19:00", "19:15", "19:30", "19:45"]
    assert bars.values == [1, 2, 1, 0, 0, 1]
    assert line.values == [1, 3, 4, 4, 4, 5]


def test_counts_hours_over_days_and_days_over_weeks(event: Event) -> None:
    event.ends_at = START + dt.timedelta(days=3)
    come(event, dt.timedelta(0), dt.timedelta(days=2, hours=1, minutes=40))
    assert numbers(evening(event)) == [("4 Dec, 19:00", "1", "1"), ("6 Dec, 20:00", "1", "2")]

    event.ends_at = START + dt.timedelta(days=30)
    come(event, dt.timedelta(days=20))
    assert numbers(evening(event)) == [
        ("4 Dec", "1", "1"),
        ("6 Dec", "1", "2"),
        ("24 Dec", "1", "3"),
    ]


def test_keeps_what_was_long_before_out_of_the_plot(client: Client, event: Event) -> None:
    come(event, dt.timedelta(days=-9), *minutes(5, 6))

    shown = evening(event)

    assert numbers(shown) == [("19:00", "2", "2")]
    assert shown.elsewhen == 1
    page = client.get(page_of(event, "hosted_figures")).content.decode()
    assert "1 more was checked in long before or after the event" in page


def test_does_not_count_what_was_undone(event: Event) -> None:
    first, _ = come(event, *minutes(1, 2))

    undo_check_in(ticket=first, by=SYSTEM)

    assert numbers(evening(event)) == [("19:00", "1", "1")]


def test_page_has_a_plot_and_the_same_numbers_as_a_table(client: Client, event: Event) -> None:
    come(event, *minutes(-3, 4, 5))

    page = client.get(page_of(event, "hosted_figures")).content.decode()

    assert "When people came" in page
    assert len(re.findall(r'<rect class="plot-bar"[^>]*><title>(?:18:45: 1|19:00: 2)<', page)) == 2
    assert re.search(r'19:00</th>\s*<td class="number">2</td>\s*<td class="number">3</td>', page)
    assert re.search(r"<dt>Checked in</dt>\s*<dd>3</dd>", page)


def test_page_says_nothing_of_it_as_long_as_nobody_came(client: Client, event: Event) -> None:
    booked(event)

    page = client.get(page_of(event, "hosted_figures")).content.decode()

    assert "When people came" not in page
    assert "Checked in" not in page


def test_page_tells_of_check_ins_that_were_all_at_another_time(
    client: Client, event: Event
) -> None:
    come(event, dt.timedelta(days=-9))

    page = client.get(page_of(event, "hosted_figures")).content.decode()

    assert "Nobody was checked in about the time of the event, but 1 long before" in page


def test_is_read_by_the_index_among_those_of_other_events(event: Event) -> None:
    other = TicketTypeFactory()
    ticket = BookingFactory(event=other.event, tickets=[other]).tickets.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bookings_ticket (booking_id, ticket_type_id, price, attendee_name, code)"
            " SELECT booking_id, ticket_type_id, 0, '', 'X' || number"
            " FROM bookings_ticket, generate_series(1, %s) AS number WHERE id = %s",
            [MANY, ticket.pk],
        )
        cursor.execute(
            "INSERT INTO bookings_checkin (ticket_id, event_id, how, checked_in_at)"
            " SELECT id, %s, 'code', %s::timestamptz + random() * interval '4 hours'"
            " FROM bookings_ticket",
            [other.event.pk, START],
        )
    come(event, *minutes(1))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE bookings_checkin")
        cursor.execute(f"EXPLAIN {CHECK_INS}", {"event": event.pk, "zone": event.timezone})
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "check_in_by_event" in plan
    assert numbers(evening(event)) == [("19:00", "1", "1")]
