"""When an event takes place on the clock of its place, to be the same on other days."""

import dataclasses
import datetime as dt
from dataclasses import dataclass

from events.clock_changes import end_of_day, start_of_day, why_ambiguous, why_nonexistent
from events.localtime import (
    AmbiguousLocalTime,
    LocalTimeError,
    NonexistentLocalTime,
    Occurrence,
    to_instant,
    to_wall_clock,
)
from events.models import Event

MIDNIGHT = dt.time()


@dataclass(frozen=True, slots=True)
class WallTimes:
    """Naive times in ``timezone``. Of whole days, the first and the last one count."""

    starts: dt.datetime
    ends: dt.datetime
    timezone: str
    is_all_day: bool

    @classmethod
    def of(cls, event: Event) -> "WallTimes":
        if event.is_all_day:
            first, last = event.schedule.first_day, event.schedule.last_day
            starts, ends = (dt.datetime.combine(day, MIDNIGHT) for day in (first, last))
        else:
            starts, ends = (
                to_wall_clock(instant, event.timezone)[0]
                for instant in (event.starts_at, event.ends_at)
            )
        return cls(starts, ends, event.timezone, event.is_all_day)

    def on(self, day: dt.date) -> "WallTimes":
        days = day - self.starts.date()
        return dataclasses.replace(self, starts=self.starts + days, ends=self.ends + days)

    def moved_as(self, before: "WallTimes", after: "WallTimes") -> "WallTimes":
        """With what was changed from ``before`` to ``after`` changed here as well: each end by as
        much, on the clock.
        """
        if before.is_all_day != after.is_all_day:
            starts, ends = (
                dt.datetime.combine(own.date() + (new.date() - old.date()), new.time())
                for own, old, new in (
                    (self.starts, before.starts, after.starts),
                    (self.ends, before.ends, after.ends),
                )
            )
            return WallTimes(starts, ends, self._zone_as(before, after), after.is_all_day)
        return dataclasses.replace(
            self,
            starts=self.starts + (after.starts - before.starts),
            ends=self.ends + (after.ends - before.ends),
            timezone=self._zone_as(before, after),
        )

    def instants(self, occurrence: Occurrence | None = None) -> tuple[dt.datetime, dt.datetime]:
        """When it starts and ends; ``occurrence`` says which of two equal times is meant. Raises
        LocalTimeError for a time that clocks never show, or show twice.
        """
        if self.is_all_day:
            return (
                start_of_day(self.starts.date(), self.timezone),
                end_of_day(self.ends.date(), self.timezone),
            )
        starts, ends = (
            to_instant(wall_clock, self.timezone, occurrence)
            for wall_clock in (self.starts, self.ends)
        )
        return starts, ends

    def _zone_as(self, before: "WallTimes", after: "WallTimes") -> str:
        return self.timezone if before.timezone == after.timezone else after.timezone


def why_not(error: LocalTimeError) -> str:
    """What is wrong with a wall-clock time, for people."""
    wall_clock, zone_name = error.args
    if isinstance(error, AmbiguousLocalTime):
        return why_ambiguous(wall_clock, zone_name)
    if isinstance(error, NonexistentLocalTime) and isinstance(wall_clock, dt.datetime):
        return why_nonexistent(wall_clock, zone_name)
    return f"This day was left out of the calendar in {zone_name}."
