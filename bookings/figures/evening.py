"""When people came: check-ins in steps of a quarter of an hour, an hour or a day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.db import connection

from bookings.figures.showing import Row
from eventmate.plots import Plot
from events.models import Event

QUARTER, HOUR, DAY = dt.timedelta(minutes=15), dt.timedelta(hours=1), dt.timedelta(days=1)
MOST_STEPS = 100
# Of check-ins so long before the event and after it, only the number is shown.
MARGIN = dt.timedelta(hours=12)

# Clocks everywhere are quarters of an hour apart, so that these begin alike at all places.
CHECK_INS = """
    SELECT timezone(%(zone)s, quarter), came FROM (
        SELECT date_bin('15 minutes', checked_in_at, '2000-01-01T00:00Z') AS quarter,
               count(*) AS came
          FROM bookings_checkin WHERE event_id = %(event)s GROUP BY 1
    ) AS quarters
"""

Arrivals = list[tuple[dt.datetime, int]]
"""How many came in each quarter of an hour, by what a clock at the place showed as it began."""


@dataclass(frozen=True, slots=True)
class Evening:
    """``elsewhen`` is how many were checked in long before the event or after it."""

    plots: list[Plot]
    columns: tuple[str, ...]
    rows: list[Row]
    elsewhen: int


def read_arrivals(event: Event) -> Arrivals:
    """By the index alone: one query."""
    with connection.cursor() as cursor:
        cursor.execute(CHECK_INS, {"event": event.pk, "zone": event.timezone})
        return sorted(cursor.fetchall())


def evening_of(event: Event, arrivals: Arrivals) -> Evening | None:
    """None where nobody was checked in about the time of the event."""
    schedule = event.schedule
    first = schedule.start.replace(tzinfo=None) - MARGIN
    last = schedule.end.replace(tzinfo=None) + MARGIN
    shown = [(at, count) for at, count in arrivals if first <= at <= last]
    if not shown:
        return None
    step = _step(shown[-1][0] - shown[0][0])
    counts = _counts(shown, step)
    labels = _labels(list(counts), step)
    came, inside = list(counts.values()), list(accumulate(counts.values()))
    return Evening(
        plots=[
            Plot("check-ins", "Check-ins", labels, came),
            Plot("check-ins-in-total", "Check-ins, in total", labels, inside, is_line=True),
        ],
        columns=("Check-ins", "In total"),
        rows=[
            Row(label, [f"{count:,}", f"{total:,}"])
            for label, count, total in zip(labels, came, inside, strict=True)
            if count
        ],
        elsewhen=sum(count for _, count in arrivals) - inside[-1],
    )


def _step(span: dt.timedelta) -> dt.timedelta:
    return next((step for step in (QUARTER, HOUR) if span / step < MOST_STEPS), DAY)


def _counts(
    arrivals: Iterable[tuple[dt.datetime, int]], step: dt.timedelta
) -> dict[dt.datetime, int]:
    """From the first step in which somebody came to the last, those in between too."""
    begun = [(_begin(at, step), count) for at, count in arrivals]
    at, last = begun[0][0], begun[-1][0]
    counts: dict[dt.datetime, int] = {}
    while at <= last:
        counts[at] = 0
        at += step
    for at, count in begun:
        counts[at] += count
    return counts


def _begin(at: dt.datetime, step: dt.timedelta) -> dt.datetime:
    midnight = at.replace(hour=0, minute=0)
    return midnight + (at - midnight) // step * step


def _labels(times: Sequence[dt.datetime], step: dt.timedelta) -> list[str]:
    """With the date, unless all of it is within a day."""
    if step == DAY:
        return [f"{at.day} {at:%b}" for at in times]
    if times[-1] - times[0] < DAY:
        return [f"{at:%H:%M}" for at in times]
    return [f"{at.day} {at:%b, %H:%M}" for at in times]
