"""What the whole platform sells, and how it grows."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from bookings.figures.periods import Series, Timeline, first_monday_shown
from bookings.figures.reading import Sold, currencies_of
from bookings.figures.showing import OverTime, plot_of, revenue_of, rows_of, say_number
from bookings.models import DailyGrowth
from events.models import Listing

DAYS_BY_DAY = 28
MOST_PLOTTED = 3

# The days of all events' places, each in its own zone; what is later than the last day is on it.
SALES = """
    SELECT least(day, %(last)s), currency, sum(tickets), sum(revenue) FROM (
        SELECT day, currency, tickets, revenue FROM bookings_platformsales WHERE day >= %(first)s
        UNION ALL
        SELECT timezone(event.timezone, booked_at)::date, currency, tickets, revenue
          FROM bookings_saleschange JOIN events_event AS event ON event.id = event_id
         WHERE ticket_type_id IS NOT NULL
    ) AS sales WHERE day >= %(first)s GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class PlatformFigures:
    """Of the time that is shown, but for ``events_now``: those that people can find now."""

    events_now: int
    new_events: int
    new_users: int
    tickets: int
    revenue: list[str]
    over_time: OverTime


def platform_figures(*, by_week: bool) -> PlatformFigures:
    """Of the last four weeks day by day, or of half a year by week: three queries."""
    today = timezone.now().astimezone(dt.UTC).date()
    first = first_monday_shown() if by_week else today - dt.timedelta(days=DAYS_BY_DAY - 1)
    timeline = Timeline(first, today)
    sold = _read_sales(timeline)
    growth = list(DailyGrowth.objects.filter(day__range=(first, today)))
    tickets = Series("Tickets sold", timeline.sums((row.of, row.tickets) for row in sold))
    earned = [revenue_of(sold, timeline, currency) for currency in currencies_of(sold)]
    users = Series("New accounts", timeline.sums((row.day, row.users) for row in growth))
    events = Series("New events", timeline.sums((row.day, row.events) for row in growth))
    columns = [tickets, *earned, events, users]
    shown = [tickets, *earned[:MOST_PLOTTED], events, users]
    return PlatformFigures(
        events_now=Listing.objects.filter(ends_at__gt=timezone.now()).count(),
        new_events=int(events.total),
        new_users=int(users.total),
        tickets=int(tickets.total),
        revenue=[say_number(series.currency)(series.total) for series in earned],
        over_time=OverTime(
            timeline,
            [plot_of(series, timeline) for series in shown],
            [series.name for series in columns],
            rows_of(columns, timeline, of=columns),
        ),
    )


def _read_sales(timeline: Timeline) -> list[Sold]:
    with connection.cursor() as cursor:
        cursor.execute(SALES, {"first": timeline.first, "last": timeline.last})
        return [Sold(*row) for row in cursor.fetchall()]
