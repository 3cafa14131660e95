"""The figures of an event, as its host reads them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from bookings.figures.evening import Evening, evening_of, read_arrivals
from bookings.figures.periods import Series, timeline_of
from bookings.figures.reading import (
    Sales,
    Visited,
    Waiting,
    read_sales,
    read_visits,
    read_waiting,
)
from bookings.figures.shares import Share, by_source, by_ticket_type
from bookings.figures.showing import OverTime, plot_of, revenue_of, rows_of, say_number
from events.models import Event


@dataclass(frozen=True, slots=True)
class EventFigures:
    """``bookings_per_100_views`` are of the days since views are counted, ``counted_since``."""

    tickets: int
    revenue: list[str]
    bookings: int
    views: int
    counted_since: dt.date | None
    bookings_per_100_views: Decimal | None
    over_time: OverTime | None
    by_ticket_type: list[Share]
    by_source: list[Share]
    waiting: list[tuple[str, Waiting]]
    checked_in: int
    evening: Evening | None


def figures_over_time(event: Event) -> EventFigures:
    """All that the page shows: five queries."""
    ticket_types = list(event.ticket_types.all())
    waiting = read_waiting([row.pk for row in ticket_types])
    sales, visits, arrivals = read_sales(event), read_visits(event), read_arrivals(event)
    since = min((visit.day for visit in visits if visit.views), default=None)
    return EventFigures(
        tickets=sum(sold.tickets for sold in sales.by_day),
        revenue=[say_number(of)(sales.revenue_in(of)) for of in sales.currencies],
        bookings=sum(visit.bookings for visit in visits),
        views=sum(visit.views for visit in visits),
        counted_since=since,
        bookings_per_100_views=_per_100_views(visits, since),
        over_time=_over_time(event, sales, visits),
        by_ticket_type=by_ticket_type(ticket_types, sales),
        by_source=by_source(sales),
        waiting=[(row.name, waiting[row.pk]) for row in ticket_types if row.pk in waiting],
        checked_in=sum(count for _, count in arrivals),
        evening=evening_of(event, arrivals),
    )


def _over_time(event: Event, sales: Sales, visits: Sequence[Visited]) -> OverTime | None:
    days = [sold.of for sold in sales.by_day] + [visit.day for visit in visits]
    timeline = timeline_of(days, until=_last_day(event))
    if timeline is None:
        return None
    sold = [
        Series("Tickets sold", timeline.sums((row.of, row.tickets) for row in sales.by_day)),
        *(revenue_of(sales.by_day, timeline, currency) for currency in sales.currencies),
    ]
    views = Series("Page views", timeline.sums((visit.day, visit.views) for visit in visits))
    bookings = Series("Bookings", timeline.sums((visit.day, visit.bookings) for visit in visits))
    columns = [views, bookings]
    plots = []
    for series in sold:
        columns += [series, series.so_far]
        plots += [plot_of(series, timeline), plot_of(series.so_far, timeline, is_line=True)]
    plots += [plot_of(series, timeline) for series in (views, bookings) if series.total]
    return OverTime(
        timeline,
        plots,
        [series.name for series in columns],
        rows_of(columns, timeline, of=[views, bookings, *sold]),
    )


def _last_day(event: Event) -> dt.date:
    """Today at the event's place, or the day on which it ended."""
    today = timezone.now().astimezone(ZoneInfo(event.timezone)).date()
    return min(today, event.end_date)


def _per_100_views(visits: Sequence[Visited], since: dt.date | None) -> Decimal | None:
    if since is None:
        return None
    views = sum(visit.views for visit in visits)
    bookings = sum(visit.bookings for visit in visits if visit.day >= since)
    return round(Decimal(100 * bookings) / views, 1)
