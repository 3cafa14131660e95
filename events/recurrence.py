"""The days on which something is repeated: rules of RFC 5545, within bounds."""

import datetime as dt
from collections.abc import Iterable
from itertools import takewhile

from dateutil.rrule import rrulestr

MOST_DATES = 100
LONGEST = dt.timedelta(days=2 * 366)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ORDINALS = ("first", "second", "third", "fourth", "fifth")
DAY = dt.timedelta(days=1)
WEEK = 7
# Parts of a rule that say where it ends.
ENDS = ("COUNT", "UNTIL")


def weekday_of(day: dt.date) -> str:
    return WEEKDAYS[day.weekday()]


def rule_of(
    *,
    frequency: str,
    interval: int = 1,
    weekdays: Iterable[str] = (),
    in_month: str = "",
    count: int | None = None,
    until: dt.date | None = None,
) -> str:
    """``frequency`` is DAILY, WEEKLY or MONTHLY. ``weekdays`` are for weeks; ``in_month`` is for
    months: one of month_rules().
    """
    parts = [f"FREQ={frequency}"]
    if interval > 1:
        parts.append(f"INTERVAL={interval}")
    if chosen := ",".join(day for day in WEEKDAYS if day in set(weekdays)):
        parts.append(f"BYDAY={chosen}")
    if in_month:
        parts.append(in_month)
    if count:
        parts.append(f"COUNT={count}")
    if until:
        parts.append(f"UNTIL={until:%Y%m%d}")
    return ";".join(parts)


def without_end(rule: str) -> str:
    return ";".join(part for part in rule.split(";") if part.partition("=")[0] not in ENDS)


def month_rules(day: dt.date) -> list[tuple[str, str]]:
    """What a day can be of its month, as a part of a rule and in words: the 14th, the second
    Tuesday, the last one, the last day.
    """
    name, weekday = f"{day:%A}", weekday_of(day)
    week = (day.day - 1) // WEEK
    rules = [
        (f"BYMONTHDAY={day.day}", f"On day {day.day}"),
        (f"BYDAY=+{week + 1}{weekday}", f"On the {ORDINALS[week]} {name}"),
    ]
    if (day + WEEK * DAY).month != day.month:
        rules.append((f"BYDAY=-1{weekday}", f"On the last {name}"))
    if (day + DAY).month != day.month:
        rules.append(("BYMONTHDAY=-1", "On the last day"))
    return rules


def days_of(rule: str, first_day: dt.date, *, last_day: dt.date) -> list[dt.date]:
    """The first day, which counts as one whether the rule names it or not, and those that the rule
    names after it, up to ``last_day``.
    """
    count = next((int(part[6:]) for part in rule.split(";") if part.startswith("COUNT=")), None)
    until = next((part for part in rule.split(";") if part.startswith("UNTIL=")), "")
    last = f"{last_day:%Y%m%d}"
    # Without this, a rule that names no day at all would be followed to the year 9999.
    bounded = f"{without_end(rule)};UNTIL={min(until[6:] or last, last)}"
    midnight = dt.time()
    found = rrulestr(bounded, dtstart=dt.datetime.combine(first_day, midnight))
    named = (day.date() for day in found)
    days = sorted({first_day, *takewhile(lambda day: day <= last_day, named)})
    return days[:count]


def in_words(rule: str) -> str:
    """Such as "Every 2 weeks on Tuesday and Thursday"."""
    parts = dict(part.split("=") for part in without_end(rule).split(";"))
    unit = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month"}[parts["FREQ"]]
    interval = int(parts.get("INTERVAL", 1))
    words = f"Every {unit}" if interval == 1 else f"Every {interval} {unit}s"
    if days := parts.get("BYDAY"):
        words += f" on {_listed([_weekday_in_words(day) for day in days.split(',')])}"
    elif number := parts.get("BYMONTHDAY"):
        words += " on the last day" if number == "-1" else f" on day {number}"
    return words


def _weekday_in_words(day: str) -> str:
    name = f"{dt.date(2024, 1, 1 + WEEKDAYS.index(day[-2:])):%A}"  # a Monday
    ordinal = day[:-2]
    if not ordinal:
        return name
    return f"the {'last' if ordinal == '-1' else ORDINALS[int(ordinal) - 1]} {name}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
