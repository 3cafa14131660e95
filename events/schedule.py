"""When an event takes place, as people at that place read it."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import cached_property

from eventmate.timezones import time_zone


@dataclass(frozen=True)
class Schedule:
    starts_at: dt.datetime
    ends_at: dt.datetime
    timezone: str
    is_all_day: bool = False

    def __str__(self) -> str:
        return " ".join(
            filter(None, [f"{self.dates}{',' if self.hours else ''}", self.hours, self.zone])
        )

    @cached_property
    def start(self) -> dt.datetime:
        """The start on the clock of the place, aware."""
        return self.starts_at.astimezone(time_zone(self.timezone))

    @cached_property
    def end(self) -> dt.datetime:
        return self.ends_at.astimezone(time_zone(self.timezone))

    @cached_property
    def first_day(self) -> dt.date:
        return self.start.date()

    @cached_property
    def last_day(self) -> dt.date:
        """An event that ends at midnight ends on the day before."""
        last_moment = self.ends_at - dt.timedelta(microseconds=1)
        return last_moment.astimezone(time_zone(self.timezone)).date()

    @cached_property
    def dates(self) -> str:
        """Such as "Fri 4 Dec 2026" or "30 Dec 2026 – 2 Jan 2027"."""
        first, last = self.first_day, self.last_day
        if first == last:
            return f"{first:%a} {first.day} {first:%b %Y}"
        start = f"{first.day}"
        if (first.year, first.month) != (last.year, last.month):
            start += f" {first:%b}"
        if first.year != last.year:
            start += f" {first.year}"
        return f"{start} – {last.day} {last:%b %Y}"

    @cached_property
    def hours(self) -> str:
        """Such as "19:00 – 22:30"; empty for whole days."""
        if self.is_all_day:
            return ""
        return f"{self.start:%H:%M} – {self.end:%H:%M}"

    @cached_property
    def zone(self) -> str:
        """The zone's short name at the start, such as "CET" or "UTC+3"; empty for whole days."""
        if self.is_all_day:
            return ""
        name = self.start.strftime("%Z")
        return name if name.isalpha() else _offset_name(self.start)


def _offset_name(local: dt.datetime) -> str:
    minutes = int((local.utcoffset() or dt.timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
