"""What a form shows of an event's stored times, to tell later which of them were changed."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, NamedTuple

from events.localtime import Occurrence, to_wall_clock
from events.models import Event

MICROSECOND = dt.timedelta(microseconds=1)

End = Literal["starts", "ends"]


class LocalTime(NamedTuple):
    """The fields of a start or an end. Whole days have no time."""

    day: dt.date
    time: dt.time | None = None
    occurrence: Occurrence | None = None


@dataclass(frozen=True, slots=True)
class StoredTimes:
    starts_at: dt.datetime
    ends_at: dt.datetime
    timezone: str
    is_all_day: bool

    @classmethod
    def of(cls, event: Event) -> "StoredTimes | None":
        if event._state.adding or not event.is_scheduled:
            return None
        return cls(event.starts_at, event.ends_at, event.timezone, event.is_all_day)

    def instant(self, end: End) -> dt.datetime:
        return self.starts_at if end == "starts" else self.ends_at

    def shown(self, end: End) -> LocalTime:
        if self.is_all_day:
            within = self.starts_at if end == "starts" else self.ends_at - MICROSECOND
            return LocalTime(to_wall_clock(within, self.timezone)[0].date())
        wall_clock, occurrence = to_wall_clock(self.instant(end), self.timezone)
        to_the_minute = wall_clock.time().replace(second=0, microsecond=0)
        return LocalTime(wall_clock.date(), to_the_minute, occurrence)

    def is_meant_by(self, end: End, typed: LocalTime, zone_name: str) -> bool:
        """Whether the fields of this end are as they were shown."""
        shown = self.shown(end)
        same_occurrence = shown.occurrence in (None, typed.occurrence)
        return zone_name == self.timezone and shown[:2] == typed[:2] and same_occurrence

    def wall_clock_of(self, end: End, typed: LocalTime) -> dt.datetime | None:
        """The stored wall-clock time with its seconds, where just the zone or the occurrence was
        changed.
        """
        if typed.time is None or self.shown(end)[:2] != typed[:2]:
            return None
        return to_wall_clock(self.instant(end), self.timezone)[0]
