"""When generated events take place."""

import datetime as dt
import math
import random
from dataclasses import dataclass

from events.generating.pools import spread
from events.generating.weights import cumulative

PAST_DAYS = 6 * 365
UPCOMING_DAYS = 400
MARGIN = 200
SATURDAY = 5

STARTS = (
    *(("08:00", 2), ("09:00", 6), ("09:30", 3), ("10:00", 8), ("11:00", 5)),
    *(("12:00", 3), ("13:00", 4), ("14:00", 7), ("15:00", 6), ("16:00", 4)),
    *(("17:00", 5), ("18:00", 14), ("18:30", 9), ("19:00", 22), ("19:30", 14), ("20:00", 20)),
    *(("20:30", 7), ("21:00", 6), ("22:00", 5), ("23:00", 4)),
)
MINUTES = (60, 90, 90, 120, 120, 120, 180, 240)


@dataclass(frozen=True, slots=True)
class Shape:
    """``days`` is the number of days from the first to the last; of an event that takes whole
    days, to the midnight that ends it.
    """

    start: str
    end: str
    days: int = 0
    is_all_day: bool = False

    @property
    def is_long(self) -> bool:
        return self.days > 10


def shapes(rng: random.Random) -> list[Shape]:
    one_day = [(_of_hours(start, rng), share) for start, share in STARTS for _ in range(4)]
    several_days = [(Shape("09:00", "18:00", days), 12.0) for days in (1, 1, 2, 2, 3)]
    whole_days = [(Shape("00:00", "00:00", days, True), 12.0) for days in (1, 1, 1, 2, 3, 7)]
    long = [(Shape("10:00", "18:00", rng.randint(20, 120)), 2.5) for _ in range(2)]
    return spread([*one_day, *several_days, *whole_days, *long], rng)


def _of_hours(start: str, rng: random.Random) -> Shape:
    hours, _, minutes = start.partition(":")
    end = int(hours) * 60 + int(minutes) + rng.choice(MINUTES)
    return Shape(start, f"{end // 60 % 24:02d}:{end % 60:02d}", days=end // (24 * 60))


class Calendar:
    """Days by their distance from today, as PostgreSQL reads them."""

    def __init__(self, today: dt.date) -> None:
        self._first = -PAST_DAYS - 2 * MARGIN
        self._texts = [
            (today + dt.timedelta(days)).isoformat()
            for days in range(self._first, UPCOMING_DAYS + 2 * MARGIN)
        ]
        self._upcoming = range(UPCOMING_DAYS)
        self._past = range(-PAST_DAYS, -MARGIN // 10)
        self._upcoming_weights = cumulative(_weight(today, days, 110) for days in self._upcoming)
        self._past_weights = cumulative(_weight(today, days, 900) for days in self._past)

    def text(self, days: int) -> str:
        return self._texts[days - self._first]

    def upcoming(self, count: int, rng: random.Random) -> list[int]:
        return rng.choices(self._upcoming, cum_weights=self._upcoming_weights, k=count)

    def past(self, count: int, rng: random.Random) -> list[int]:
        return rng.choices(self._past, cum_weights=self._past_weights, k=count)


def _weight(today: dt.date, days: int, fading: int) -> float:
    """Most near today, and at the weekend."""
    weekday = (today + dt.timedelta(days)).weekday()
    return math.exp(-abs(days) / fading) * (2.2 if weekday >= SATURDAY - 1 else 1)
