"""Days on which a zone's clocks are changed: how such a day begins, and how to tell people."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from events.localtime import NonexistentLocalTime, Occurrence, to_instant

SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """Clocks jump at ``instant``, from what they would have shown to what they show."""

    instant: dt.datetime
    before: dt.datetime
    after: dt.datetime

    def __str__(self) -> str:
        direction = "forward" if self.after > self.before else "back"
        before, after = f"{self.before:%H:%M}", f"{self.after:%H:%M}"
        if self.before.date() != self.after.date():
            before += f" on {_day(self.before)}"
            after += f" on {_day(self.after)}"
        return f"clocks go {direction} from {before} to {after}"


def clock_change_at(wall_clock: dt.datetime, zone_name: str) -> ClockChange:
    """The change that leaves out a wall-clock time, or makes it come twice."""
    zone = ZoneInfo(zone_name)
    earlier, later = sorted(
        wall_clock.replace(microsecond=0, tzinfo=zone, fold=fold).astimezone(dt.UTC)
        for fold in Occurrence
    )
    old_offset, new_offset = _offset(earlier, zone), _offset(later, zone)
    while later - earlier > SECOND:
        middle = earlier + (later - earlier) // 2
        middle = middle.replace(microsecond=0)
        if _offset(middle, zone) == old_offset:
            earlier = middle
        else:
            later = middle
    naive = later.replace(tzinfo=None)
    return ClockChange(later, naive + old_offset, naive + new_offset)


def start_of_day(day: dt.date, zone_name: str) -> dt.datetime:
    """The first instant of a calendar day. Where clocks go forward over midnight it is not 00:00.

    Raises NonexistentLocalTime for a day that a zone left out, such as 30 December 2011 in Samoa.
    """
    start = _passing_of_midnight(day, zone_name)
    if start.astimezone(ZoneInfo(zone_name)).date() != day:
        raise NonexistentLocalTime(day, zone_name)
    return start


def end_of_day(day: dt.date, zone_name: str) -> dt.datetime:
    """The first instant that no longer belongs to the day. Raises as start_of_day does."""
    start_of_day(day, zone_name)
    return _passing_of_midnight(day + DAY, zone_name)


def why_nonexistent(wall_clock: dt.datetime, zone_name: str) -> str:
    """Such as "02:30 does not exist on 29 March 2026 in Europe/Berlin: clocks go forward from
    02:00 to 03:00."
    """
    change = clock_change_at(wall_clock, zone_name)
    return f"{wall_clock:%H:%M} does not exist on {_day(wall_clock)} in {zone_name}: {change}."


def why_ambiguous(wall_clock: dt.datetime, zone_name: str) -> str:
    change = clock_change_at(wall_clock, zone_name)
    return (
        f"{wall_clock:%H:%M} comes twice on {_day(wall_clock)} in {zone_name}: {change}."
        " Choose which one is meant."
    )


def _passing_of_midnight(day: dt.date, zone_name: str) -> dt.datetime:
    midnight = dt.datetime.combine(day, dt.time())
    try:
        return to_instant(midnight, zone_name, Occurrence.FIRST)
    except NonexistentLocalTime:
        return clock_change_at(midnight, zone_name).instant


def _offset(instant: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    return instant.astimezone(zone).utcoffset() or dt.timedelta()


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"
