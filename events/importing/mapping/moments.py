"""Dates and times as files write them, and the instants that they mean."""

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from events.importing.exceptions import RowRefused
from events.localtime import NonexistentLocalTime, Occurrence, to_instant

FIRST_YEAR, LAST_YEAR = 1900, 2199
LENGTH_WHERE_NONE_IS_GIVEN = dt.timedelta(hours=2)
CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?::(\d{2}))?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, perhaps with a time of the wall clock, or with an instant that needs no zone."""

    date: dt.date
    time: dt.time | None = None
    instant: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Period:
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_all_day: bool


def moment_of(value: dt.date | dt.datetime) -> Moment:
    """A datetime with a zone is an instant; one without is a time of the wall clock."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise RowRefused(f"The year {value.year} is not between {FIRST_YEAR} and {LAST_YEAR}.")
    if not isinstance(value, dt.datetime):
        return Moment(value)
    instant = value.astimezone(dt.UTC) if value.tzinfo else None
    return Moment(value.date(), value.time(), instant)


def parse_moment(text: str, clock: str, field: str, remarks: list[str]) -> Moment:
    """An ISO 8601 date or date and time, with the clock time that a row may hold beside it."""
    try:
        moment = moment_of(dt.date.fromisoformat(text))
    except ValueError:
        try:
            return moment_of(dt.datetime.fromisoformat(text))
        except ValueError:
            raise RowRefused(
                f"{field} “{text[:40]}” is not a date such as 2026-12-04 or 2026-12-04T19:00."
            ) from None
    return Moment(moment.date, parse_clock(clock, field, remarks))


def parse_clock(text: str, field: str, remarks: list[str]) -> dt.time | None:
    """A time such as 19:00 or 8:30. Words such as "Evening" give None and a remark."""
    if not text:
        return None
    digits = CLOCK.fullmatch(text)
    if digits is None:
        remarks.append(f"{field} time “{text[:40]}” is no clock time; taken as whole days.")
        return None
    try:
        hour, minute, second = map(int, digits.groups(default="0"))
        return dt.time(hour, minute, second)
    except ValueError:
        raise RowRefused(f"{field} time “{text}” is not on the clock.") from None


def period_of(start: Moment, end: Moment | None, zone_name: str) -> Period:
    """When an event takes place. Without an end: one day, or two hours. Clock times count where
    both ends have one; otherwise the event takes whole days, the last one included.
    """
    if start.time is None or (end is not None and end.time is None):
        last = end.date if end is not None else start.date
        if last < start.date:
            raise RowRefused(f"The end ({last}) comes before the start ({start.date}).")
        return Period(
            start_of_day(start.date, zone_name),
            start_of_day(last + dt.timedelta(days=1), zone_name),
            is_all_day=True,
        )
    starts_at = instant_of(start, zone_name)
    ends_at = instant_of(end, zone_name) if end else starts_at + LENGTH_WHERE_NONE_IS_GIVEN
    if ends_at <= starts_at:
        raise RowRefused(f"The end ({ends_at:%F %R} UTC) comes before the start.")
    return Period(starts_at, ends_at, is_all_day=False)


def instant_of(moment: Moment, zone_name: str) -> dt.datetime:
    """The first of two, where clocks show the time twice; refused where they never show it."""
    if moment.instant is not None:
        return moment.instant
    wall_clock = dt.datetime.combine(moment.date, moment.time or dt.time())
    try:
        return to_instant(wall_clock, zone_name, Occurrence.FIRST)
    except NonexistentLocalTime:
        raise RowRefused(
            f"{wall_clock:%F %R} does not exist in {zone_name}: clocks go forward over it."
        ) from None


def start_of_day(date: dt.date, zone_name: str) -> dt.datetime:
    """Local midnight, or the first instant of a day whose midnight the clocks skip."""
    midnight = dt.datetime.combine(date, dt.time())
    try:
        return to_instant(midnight, zone_name, Occurrence.FIRST)
    except NonexistentLocalTime:
        return first_instant_after_gap(midnight, zone_name)


def first_instant_after_gap(wall_clock: dt.datetime, zone_name: str) -> dt.datetime:
    """PEP 495: in a gap, the offset from before it leads to just as far behind the gap."""
    return wall_clock.replace(tzinfo=ZoneInfo(zone_name)).astimezone(dt.UTC)
