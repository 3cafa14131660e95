"""A month of a search: how many of its events are on each day, and the first of them."""

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import connection
from pyroaring import BitMap

from events.listings import planned_for
from events.search.criteria import Criteria
from events.search.facet_index import FacetIndex
from events.search.finding import Search

SHOWN = 3
# The bitmaps of a large site know no more (facet_store.py).
MONTHS_AHEAD = 12
ONE_DAY = dt.timedelta(days=1)

COUNT = """
    WITH matches AS MATERIALIZED ({matches})
    SELECT day::date, count(*),
           (array_agg(event_id ORDER BY start_date < day, starts_at, event_id))[1:%(shown)s]
      FROM matches CROSS JOIN LATERAL generate_series(
        greatest(start_date, %(first)s), least(end_date, %(last)s), interval '1 day'
      ) AS day
     GROUP BY day
"""
COLUMNS = ("event_id", "starts_at", "start_date", "end_date")


@dataclass(frozen=True, slots=True)
class DayOfEvents:
    """``event_ids`` are of the first ones: those that begin on the day, then those that go on."""

    total: int
    event_ids: Sequence[int]


Days = Mapping[dt.date, DayOfEvents]


def month_to_show(wanted: dt.date | None, criteria: Criteria, today: dt.date) -> dt.date:
    """The first day of the month asked for, of a year from now at most; or of one in which the
    days are that are asked for.
    """
    month = (wanted or today).replace(day=1)
    for first, last in criteria.dates:
        if (first and first > last_day_of(month)) or (last and last < month) or wanted is None:
            month = (first or last or today).replace(day=1)
    return min(max(month, today.replace(day=1)), last_month(today))


def last_month(today: dt.date) -> dt.date:
    """The last that is shown."""
    return month_after(today.replace(day=1), MONTHS_AHEAD)


def month_after(month: dt.date, count: int) -> dt.date:
    years, month_of_year = divmod(month.month - 1 + count, 12)
    return dt.date(month.year + years, month_of_year + 1, 1)


def last_day_of(month: dt.date) -> dt.date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def days_with_events(search: Search, month: dt.date) -> Days:
    """Of the month, those with events that match."""
    if search.index:
        return _from_bitmaps(search.index, search.known, month)
    return _from_listings(search, month)


def _from_listings(search: Search, month: dt.date) -> Days:
    first, last = month, last_day_of(month)
    listings = search.listings.on_dates((first, last)).order_by()
    matches, values = listings.values(*COLUMNS).query.sql_with_params()
    named = {f"matches_{number}": value for number, value in enumerate(values)}
    statement = COUNT.format(matches=matches % tuple(f"%({name})s" for name in named))
    with planned_for(search.criteria), connection.cursor() as cursor:
        cursor.execute(statement, {**named, "first": first, "last": last, "shown": SHOWN})
        return {day: DayOfEvents(total, ids) for day, total, ids in cursor.fetchall()}


def _from_bitmaps(index: FacetIndex, matching: BitMap, month: dt.date) -> Days:
    found = {}
    before = index.days.get(month - ONE_DAY, BitMap())
    for number in range(last_day_of(month).day):
        day = month + number * ONE_DAY
        running = index.days.get(day, BitMap())
        if here := matching & running:
            begin = (event_id for event_id in index.beginning_on(day) if event_id in here)
            going_on = here & before
            ids = [*islice(begin, SHOWN), *going_on[:SHOWN]]
            found[day] = DayOfEvents(len(here), ids[:SHOWN])
        before = running
    return found
