"""Days, or weeks where there would be too many days to tell apart."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from django.utils import timezone

from eventmate.plots import Number

MOST_DAYS = 92
WEEKS_SHOWN = 26
WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timeline:
    """From the first day to the last, both included. A week begins on Monday."""

    first: dt.date
    last: dt.date

    @property
    def is_weekly(self) -> bool:
        return (self.last - self.first).days >= MOST_DAYS

    @property
    def labels(self) -> list[str]:
        """The first day of each period."""
        return [f"{day.day} {day:%b %Y}" for day in self._begins()]

    def sums(self, numbers: Iterable[tuple[dt.date, Number]]) -> list[Number]:
        """Numbers of days, added up for each period."""
        added: dict[dt.date, Number] = dict.fromkeys(self._begins(), 0)
        for day, number in numbers:
            added[self._begin(day)] += number
        return list(added.values())

    def _begins(self) -> Iterator[dt.date]:
        begin, step = self._begin(self.first), WEEK if self.is_weekly else DAY
        while begin <= self.last:
            yield begin
            begin += step

    def _begin(self, day: dt.date) -> dt.date:
        """Of the period that a day is in."""
        return day - dt.timedelta(days=day.weekday()) if self.is_weekly else day


@dataclass(frozen=True, slots=True)
class Series:
    """A number for each period, under a name; ``currency`` where it is money."""

    name: str
    values: list[Number]
    currency: str = ""

    @property
    def so_far(self) -> "Series":
        """Each with all before it."""
        return Series(f"{self.name}, in total", list(accumulate(self.values)), self.currency)

    @property
    def total(self) -> Number:
        return sum(self.values, Decimal(0) if self.currency else 0)


def first_monday_shown() -> dt.date:
    """By UTC, of what is shown of the whole platform."""
    first = timezone.now().astimezone(dt.UTC).date() - WEEKS_SHOWN * WEEK
    return first - dt.timedelta(days=first.weekday())


def timeline_of(days: Iterable[dt.date], *, until: dt.date) -> Timeline | None:
    """From the first of the days to the last, or to ``until`` where that is later."""
    known = sorted(days)
    return Timeline(known[0], max(known[-1], until)) if known else None
