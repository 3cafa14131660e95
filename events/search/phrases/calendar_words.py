"""Days and months as people write them, and the day that each means, seen from a day."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable

from events.search.phrases.line import words_of

MONTHS = {
    1: "january jan januar janvier enero gennaio janner",
    2: "february feb februar fevrier febrero febbraio",
    3: "march mar marz maerz mars marzo",
    4: "april apr avril abril aprile",
    5: "may mai mayo maggio",
    6: "june jun juni juin junio giugno",
    7: "july jul juli juillet julio luglio",
    8: "august aug aout agosto",
    9: "september sept sep septembre septiembre settembre",
    10: "october oct oktober okt octobre octubre ottobre",
    11: "november nov novembre noviembre",
    12: "december dec dezember dez decembre diciembre dicembre",
}
MONTH_OF = {name: month for month, names in MONTHS.items() for name in names.split()}
WEEKDAYS = (
    "monday montag lundi lunes lunedi",
    "tuesday dienstag mardi martes martedi",
    "wednesday mittwoch mercredi miercoles mercoledi",
    "thursday donnerstag jeudi jueves giovedi",
    "friday freitag vendredi viernes venerdi",
    "saturday samstag sonnabend samedi sabado sabato",
    "sunday sonntag dimanche domingo domenica",
)
SHORT_WEEKDAYS = ("mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun")
WEEKDAY_OF = {
    name: number
    for all_names in (WEEKDAYS, SHORT_WEEKDAYS)
    for number, names in enumerate(all_names)
    for name in names.split()
}
DAYS_TO = {
    "today": 0, "heute": 0, "hoy": 0, "aujourd'hui": 0, "oggi": 0,
    "tomorrow": 1, "morgen": 1, "demain": 1, "manana": 1, "domani": 1,
    "day after tomorrow": 2, "ubermorgen": 2, "apres-demain": 2, "pasado manana": 2,
}  # fmt: skip


HOLIDAYS = {
    "christmas eve": (12, 24), "heiligabend": (12, 24),
    "christmas": (12, 25), "christmas day": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31), "new years eve": (12, 31), "silvester": (12, 31),
    "new year's day": (1, 1), "new years day": (1, 1), "neujahr": (1, 1),
    "valentine's day": (2, 14), "valentines day": (2, 14),
    "halloween": (10, 31),
}  # fmt: skip
# One of these, or a number, is in whatever names a day.
DAY_WORDS = frozenset(
    name.rpartition(" ")[2] for names in (MONTH_OF, WEEKDAY_OF, DAYS_TO, HOLIDAYS) for name in names
) | words_of("tonight evening abend nacht soir noche stasera")


def one_of(names: Iterable[str]) -> str:
    """The longest first, as an alternation takes the first that fits."""
    words = sorted(names, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, words))})"


MONTH = one_of(MONTH_OF)
LONG_WEEKDAY = one_of(" ".join(WEEKDAYS).split())
WEEKDAY = one_of(WEEKDAY_OF)
HOLIDAY = one_of(HOLIDAYS)
RELATIVE = rf"(?:the )?{one_of(DAYS_TO)}"
NEXT = "(?:next|nachste[nrs]?)"
COMING = "(?:this|coming|this coming|kommende[nrs]?|diese[nrs]?|ce|este|esta)"
NUMBER = r"(?:0?[1-9]|[12]\d|3[01])"
ORDINAL = rf"{NUMBER}(?:st|nd|rd|th|er|\.)?"
YEAR = r"20\d\d"
OF_MONTH = (
    rf"(?:(?:the |le |el |der |den )?{ORDINAL}(?: of| de)? {MONTH}(?:(?: de)? {YEAR})?"
    rf"|{MONTH} {NUMBER}(?:st|nd|rd|th)?(?: {YEAR})?)"
)
ISO = rf"{YEAR}-\d\d-\d\d"
DOTTED = rf"{NUMBER}\. ?(?:0?[1-9]|1[0-2])\.(?: ?(?:{YEAR}|\d\d))?"
SLASHED = rf"{NUMBER}/{NUMBER}/{YEAR}"
# What is a day wherever it stands, and what is one only after a word such as "on".
CERTAIN_DAY = f"(?:{RELATIVE}|{OF_MONTH}|{ISO}|{DOTTED}|{SLASHED})"
ANY_DAY = (
    rf"(?:{CERTAIN_DAY}|{HOLIDAY}|(?:(?:{NEXT}|{COMING}) )?{WEEKDAY}(?: next week| nachste woche)?"
    rf"|{NUMBER}\.(?:0?[1-9]|1[0-2])|{NUMBER}/{NUMBER})"
)

IN_MONTH = re.compile(
    rf"(?:(?:the|le|el|der|den) )?(?:(?P<day>\d+)\D*? )?(?:(?:of|de) )?(?P<month>{MONTH})"
    rf"(?: (?P<later_day>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?)?(?:(?: de)? (?P<year>{YEAR}))?"
)
ON_WEEKDAY = re.compile(
    rf"(?:(?P<next>{NEXT})|{COMING})?\s?(?P<weekday>{WEEKDAY})(?P<next_week> .+)?"
)
IN_NUMBERS = re.compile(r"(?P<first>\d+)[./] ?(?P<second>\d+)[./]? ?(?P<year>\d+)?")


def day_of(text: str, since: dt.date) -> dt.date | None:
    """The first such day from a day on; None for one that there is not, or that is over."""
    if (days := DAYS_TO.get(text.removeprefix("the "))) is not None:
        return since + dt.timedelta(days=days)
    if holiday := HOLIDAYS.get(text):
        return coming(since, *holiday, None)
    if re.fullmatch(ISO, text):
        return made(since, *map(int, text.split("-")))
    if found := ON_WEEKDAY.fullmatch(text):
        return weekday_of(found, since)
    if found := IN_MONTH.fullmatch(text):
        day = int(found["day"] or found["later_day"] or 0)
        return coming(since, MONTH_OF[found["month"]], day, found["year"])
    if found := IN_NUMBERS.fullmatch(text):
        return day_in_numbers(found, since, is_slashed="/" in text)
    return None


def weekday_of(found: re.Match[str], since: dt.date) -> dt.date:
    """Next Tuesday is that of next week, this one the first from today on."""
    weekday = WEEKDAY_OF[found["weekday"]]
    if found["next"] or found["next_week"]:
        return since + dt.timedelta(days=7 - since.weekday() + weekday)
    return since + dt.timedelta(days=(weekday - since.weekday()) % 7)


def day_in_numbers(found: re.Match[str], since: dt.date, *, is_slashed: bool) -> dt.date | None:
    """Day and month; with slashes only where no month can be meant by the other number."""
    day, month = int(found["first"]), int(found["second"])
    if is_slashed:
        if max(day, month) <= 12 and day != month:
            return None
        day, month = max(day, month), min(day, month)
    year = found["year"]
    return coming(since, month, day, f"20{year}" if year and len(year) == 2 else year)


def coming(since: dt.date, month: int, day: int, year: str | None) -> dt.date | None:
    if year:
        return made(since, int(year), month, day)
    return made(since, since.year, month, day) or made(since, since.year + 1, month, day)


def made(since: dt.date, year: int, month: int, day: int) -> dt.date | None:
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return None
    return date if date >= since else None


def coming_month(month: int, since: dt.date, year: str | None) -> tuple[dt.date, dt.date] | None:
    """Its first and last day: the running one, or the next of that name."""
    in_year = int(year) if year else since.year + (month < since.month)
    last = dt.date(in_year, month, calendar.monthrange(in_year, month)[1])
    return (last.replace(day=1), last) if last >= since else None
