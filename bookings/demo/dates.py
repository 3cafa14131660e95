"""On which day and at what time the demo's events take place."""

import datetime as dt
import math
import random
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bookings.demo.corpus import Place, Plan
from events.localtime import NonexistentLocalTime, Occurrence, to_instant

DAYS_AHEAD = 184
DAYS_BACK = 150
LEAST_LEAD_OF_LONG = 6
RUNNING_SHARE = 0.6
FRIDAY, SATURDAY = 4, 5
EVENING = dt.time(18)
TROPIC = 23.5
WARM_MONTHS_OF_NORTH = range(4, 11)
QUIET_DAYS = {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)}
# The day of the seeding counts by UTC. Further east, its evening may be over already.
FURTHEST_EAST_TODAY = dt.timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Time:
    """When an event takes place, on the clock of the place."""

    start: dt.datetime
    end: dt.datetime
    zone: str

    @property
    def starts_at(self) -> dt.datetime:
        return _instant(self.start, self.zone)

    @property
    def ends_at(self) -> dt.datetime:
        return _instant(self.end, self.zone)


def choose_upcoming(rng: random.Random, plan: Plan, place: Place, today: dt.date) -> Time:
    """From today on, more in the next weeks, most on the coming weekend."""
    if plan.days_long is not None and rng.random() < RUNNING_SHARE:
        return _time(rng, plan, place, today - dt.timedelta(days=rng.randint(2, 12)), least_days=26)
    ahead = range(LEAST_LEAD_OF_LONG if plan.is_long else 0, DAYS_AHEAD)
    days = _suitable(plan, place, [today + dt.timedelta(days=number) for number in ahead])
    if days[0] == today and not _can_be_today(plan, place, today):
        del days[0]
    day = rng.choices(days, [_weight(day, today) for day in days])[0]
    return _time(rng, plan, place, day, earliest=EVENING if day == today else dt.time.min)


def choose_past(rng: random.Random, plan: Plan, place: Place, today: dt.date) -> Time:
    """Over since two days or more."""
    longest = plan.days_long[1] if plan.days_long else plan.minutes // (24 * 60) + 1
    back = range(longest + 2, longest + DAYS_BACK)
    days = _suitable(plan, place, [today - dt.timedelta(days=number) for number in back])
    weights = [math.exp(-number / len(days)) for number in range(len(days))]
    return _time(rng, plan, place, rng.choices(days, weights)[0])


def _suitable(plan: Plan, place: Place, days: list[dt.date]) -> list[dt.date]:
    """Those on a weekday of the plan, and in its season if that comes at all."""
    on_weekday = [day for day in days if day.weekday() in plan.weekdays]
    if not plan.needs_warmth:
        return on_weekday
    return [day for day in on_weekday if _is_warm(place, day)] or on_weekday


def _is_warm(place: Place, day: dt.date) -> bool:
    latitude = place.position[0]
    if abs(latitude) < TROPIC:
        return True
    return (day.month in WARM_MONTHS_OF_NORTH) == (latitude > 0)


def _can_be_today(plan: Plan, place: Place, today: dt.date) -> bool:
    if plan.all_day or max(plan.starts) < EVENING:
        return False
    offset = dt.datetime.combine(today, EVENING, ZoneInfo(place.timezone)).utcoffset()
    return offset is not None and offset <= FURTHEST_EAST_TODAY


def _weight(day: dt.date, today: dt.date) -> float:
    ahead = (day - today).days
    weight = math.exp(-ahead / 26) + 0.09
    if (day.month, day.day) in QUIET_DAYS:
        return weight / 8
    if ahead <= (SATURDAY + 1 - today.weekday()) % 7 + 1 and day.weekday() >= FRIDAY:
        return weight * 3.5
    return weight * 2 if ahead < 7 else weight


def _time(
    rng: random.Random,
    plan: Plan,
    place: Place,
    day: dt.date,
    *,
    earliest: dt.time = dt.time.min,
    least_days: int = 0,
) -> Time:
    start = dt.datetime.combine(day, rng.choice([at for at in plan.starts if at >= earliest]))
    if plan.days_long is not None:
        length = dt.timedelta(days=max(rng.randint(*plan.days_long), least_days))
    elif plan.all_day:
        start = dt.datetime.combine(day, dt.time.min)
        length = dt.timedelta(days=plan.minutes // (24 * 60) + 1)
    else:
        length = dt.timedelta(minutes=plan.minutes)
    return Time(start, start + length, place.timezone)


def _instant(wall_clock: dt.datetime, zone: str) -> dt.datetime:
    try:
        return to_instant(wall_clock, zone, Occurrence.FIRST)
    except NonexistentLocalTime:
        return to_instant(wall_clock + dt.timedelta(hours=1), zone, Occurrence.FIRST)
