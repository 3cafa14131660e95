"""The page on which a host reads an event's figures."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.models import DailyVisits, PaymentMethod
from bookings.services.figures import add_sales_changes
from bookings.services.waitlist import join_waitlist
from events.models import Event, TicketStock
from tests.bookings.hosted import booked, hosted_event, page_of
from tests.factories import BookingFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db


def days_ago(days: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def show(client: Client, event: Event) -> Any:
    response = client.get(page_of(event, "hosted_figures"))
    assert response.status_code == 200
    return response


def sell(event: Event, days: int, tickets: int = 1, **fields: Any) -> None:
    booked(event, tickets, payment_method=PaymentMethod.AT_DOOR,
           confirmed_at=days_ago(days), **fields)  # fmt: skip


@pytest.fixture
def event(client: Client) -> Event:
    event = hosted_event(client)
    event.ticket_types.update(price=Decimal("12.50"))
    return event


def test_an_event_that_nobody_knows_yet_says_so(client: Client, event: Event) -> None:
    page = show(client, event).content.decode()

    assert "Nothing to count yet" in page
    assert 'class="plot"' not in page


def test_it_shows_what_was_sold_in_all_and_day_by_day(client: Client, event: Event) -> None:
    sell(event, 3, tickets=2)
    add_sales_changes()
    sell(event, 1)

    figures = show(client, event).context["figures"]

    assert (figures.tickets, figures.revenue, figures.bookings) == (3, ["€37.50"], 2)
    over_time = figures.over_time
    assert over_time.columns == [
        "Page views",
        "Bookings",
        "Tickets sold",
        "Tickets sold, in total",
        "Revenue in EUR",
        "Revenue in EUR, in total",
    ]
    assert [row.values for row in over_time.rows] == [
        ["0", "1", "2", "2", "€25.00", "€25.00"],
        ["0", "1", "1", "3", "€12.50", "€37.50"],
    ]


def test_the_table_has_the_numbers_of_the_plots(client: Client, event: Event) -> None:
    for days, tickets in ((5, 3), (4, 1), (0, 2)):
        sell(event, days, tickets)

    over_time = show(client, event).context["figures"].over_time

    rows = {row.label: row.values for row in over_time.rows}
    for plot in over_time.plots:
        column = over_time.columns.index(plot.title)
        plotted = {
            label: plot.say(value)
            for label, value in zip(plot.labels, plot.values, strict=True)
            if label in rows
        }
        assert plotted == {label: values[column] for label, values in rows.items()}


def test_plots_say_in_words_what_they_show(client: Client, event: Event) -> None:
    sell(event, 2, tickets=4)

    page = show(client, event).content.decode()

    assert 'role="img" aria-labelledby="tickets-sold-title tickets-sold-desc"' in page
    assert "4 in all, the most 4" in page
    assert "style=" not in page
    assert "<script>" not in page


def test_a_sale_of_many_weeks_is_shown_by_week(client: Client, event: Event) -> None:
    sell(event, 200)
    sell(event, 1)

    over_time = show(client, event).context["figures"].over_time

    assert over_time.timeline.is_weekly
    assert len(over_time.plots[0].values) in (29, 30)
    assert len(over_time.rows) == 2


def test_it_shows_ticket_types_and_sources(client: Client, event: Event) -> None:
    TicketTypeFactory(event=event, name="Balcony", price=Decimal(30), position=1)
    first = event.ticket_types.get(name="Standard")
    BookingFactory(event=event, tickets=[first] * 3, source="newsletter")
    BookingFactory(event=event, tickets=[first])

    figures = show(client, event).context["figures"]

    assert [(share.name, share.tickets, share.percent) for share in figures.by_ticket_type] == [
        ("Standard", 4, 100.0),
        ("Balcony", 0, 0.0),
    ]
    assert [(share.name, share.tickets, share.revenue) for share in figures.by_source] == [
        ("newsletter", 3, "€37.50"),
        ("No source named", 1, "€12.50"),
    ]


def test_small_sources_are_added_up(
    client: Client, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bookings.figures.shares.MOST_SOURCES", 1)
    for source, tickets in (("a", 3), ("b", 2), ("c", 1)):
        sell(event, 1, tickets, source=source)

    shares = show(client, event).context["figures"].by_source

    assert [(share.name, share.tickets) for share in shares] == [("a", 3), ("Others", 3)]


def test_it_shows_how_many_views_become_bookings(client: Client, event: Event) -> None:
    """A booking from before views were counted is none of them."""
    sell(event, 5)
    sell(event, 1)
    day = days_ago(2).date()
    DailyVisits.objects.update_or_create(event=event, day=day, defaults={"views": 40})

    figures = show(client, event).context["figures"]

    assert (figures.views, figures.bookings, figures.counted_since) == (40, 2, day)
    assert figures.bookings_per_100_views == Decimal("2.5")


def test_it_shows_the_waiting_list(client: Client, event: Event) -> None:
    ticket_type = event.ticket_types.get()
    ticket_type.stock.taken = ticket_type.stock.capacity
    TicketStock.objects.update(taken=ticket_type.stock.capacity)
    join_waitlist(ticket_type=ticket_type, quantity=2, name="Eve", email="eve@example.com")

    page = show(client, event)

    [(name, waiting)] = page.context["figures"].waiting
    assert (name, waiting.people, waiting.places, waiting.offers) == ("Standard", 1, 2, 0)
    assert "People waiting" in page.content.decode()


def test_money_of_several_currencies_is_never_added_up(client: Client, event: Event) -> None:
    other = TicketTypeFactory(event=event, name="Over there", currency="USD", price=Decimal(20))
    sell_first = event.ticket_types.get(name="Standard")
    BookingFactory(event=event, tickets=[sell_first, sell_first])
    BookingFactory(event=event, tickets=[other], currency="USD")

    figures = show(client, event).context["figures"]

    assert figures.revenue == ["€25.00", "$20.00"]


def test_many_sales_take_as_many_queries_as_few(client: Client, event: Event) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            show(client, event)
        return len(captured)

    sell(event, 1)
    few = queries()
    for days in range(9):
        sell(event, days, source=f"place-{days}")

    assert queries() == few <= 9
