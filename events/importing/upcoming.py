"""Moves past events into the coming twelve months, for demonstrations."""

import datetime as dt
from dataclasses import replace
from typing import TypeVar
from zoneinfo import ZoneInfo

from events.importing.mapping.moments import Moment, instant_of, start_of_day
from events.importing.record import EventRecord

Day = TypeVar("Day", dt.date, dt.datetime)


def as_upcoming(record: EventRecord, now: dt.datetime) -> EventRecord:
    """The record itself if its event is not over; else the same day of the year and time of the
    wall clock, by the least number of whole years that brings its start after ``now``. It lasts as
    many days as before. 29 February becomes 28 February in years without one.
    """
    if record.ends_at > now:
        return record
    zone = ZoneInfo(record.timezone)
    start = record.starts_at.astimezone(zone).replace(tzinfo=None)
    end = record.ends_at.astimezone(zone).replace(tzinfo=None)
    years = now.astimezone(zone).year - start.year
    if instant(record, later(start, years)) <= now:
        years += 1
    new_start = later(start, years)
    call = record.call_for_papers
    if call is not None and call.until is not None:
        call = replace(call, until=later(call.until, years))
    return replace(
        record,
        starts_at=instant(record, new_start),
        ends_at=instant(record, new_start + (end - start)),
        call_for_papers=call,
        moved_from=record.schedule,
    )


def later(day: Day, years: int) -> Day:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def instant(record: EventRecord, wall_clock: dt.datetime) -> dt.datetime:
    if record.is_all_day:
        return start_of_day(wall_clock.date(), record.timezone)
    return instant_of(Moment(wall_clock.date(), wall_clock.time()), record.timezone)
