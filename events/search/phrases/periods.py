"""This weekend, next week, the next 10 days, in December, this year."""

import datetime as dt
from collections.abc import Iterator
from itertools import chain

from events.days import When
from events.search.phrases.calendar_words import DAYS_TO, MONTH, MONTH_OF, YEAR, coming_month
from events.search.phrases.line import Finding, Line, phrase, words_of

DATES = "dates"
DAY = dt.timedelta(days=1)

Period = tuple[int, int, tuple[dt.date, dt.date]]  # where it stands, and its days

# One of these, or a number, is in whatever names a period.
PERIOD_WORDS = frozenset((*DAYS_TO, *MONTH_OF)) | words_of(
    """
    weekend weekends week-end week-ends wochenende settimana fin week woche semaine semana days
    weeks tagen month monat mois mois-ci mes year jahr annee ano
    """
)
WHEN = {
    phrase("(?:on |for |heute )?(?:today|heute|hoy|aujourd'hui|oggi)"): When.TODAY,
    phrase("(?:on |for )?(?:tomorrow|morgen|demain|manana|domani)"): When.TOMORROW,
    phrase(
        "(?:on |at |over |for |during )(?:the )?week-?ends?|"
        "(?:over |on )?this (?:coming )?week-?end|"
        "dieses wochenende|am (?:kommenden )?wochenende|(?:ce|le) week-?end|"
        "(?:este|el) fin de semana|questo (?:fine settimana|weekend)"
    ): When.WEEKEND,
    phrase(
        "(?:on |over )?next week-?end|(?:am )?nachste[ns] wochenende|le week-?end prochain|"
        "el proximo fin de semana"
    ): When.NEXT_WEEKEND,
    phrase("(?:in )?(?:the )?(?:next|coming) (?:7|seven) days|in den nachsten 7 tagen"): When.WEEK,
    phrase(
        "(?:in )?next week|(?:in der )?nachste[nr]? woche|la semaine prochaine|"
        "la proxima semana|la semana que viene"
    ): When.NEXT_WEEK,
    phrase("(?:in )?(?:the )?(?:next|coming) (?:30|thirty) days|in den nachsten 30 tagen"): (
        When.MONTH
    ),
}
THIS_WEEK = phrase("(?:later )?this week|(?:in )?diese[r]? woche|cette semaine|esta semana")
THIS_MONTH = phrase("(?:later )?this month|diesen monat|in diesem monat|ce mois(?:-ci)?|este mes")
NEXT_MONTH = phrase(
    "(?:in )?next month|nachsten monat|le mois prochain|el proximo mes|el mes que viene"
)
NEXT_DAYS = phrase(
    r"(?:(?:in|within|over) )?(?:the )?(?:next|coming) (?P<number>\d{1,2}|two|three) "
    "(?P<unit>days|weeks)"
)
NUMBERS = {"two": 2, "three": 3}
THIS_YEAR = phrase("(?:later )?this year|dieses jahr|cette annee|este ano")
IN_YEAR = phrase(rf"(?:in|en|during) (?P<year>{YEAR})")

MONTH_NAMED = phrase(
    rf"(?:(?:in|im|en|during|a|au mois de)(?: the month of)? )(?:this |next )?(?P<month>{MONTH})"
    rf"(?: (?P<year>{YEAR}))?"
)
MONTH_OF_YEAR = phrase(rf"(?P<month>{MONTH}) (?P<year>{YEAR})")
MONTHS = phrase(
    rf"(?:from|between|von|zwischen|de|entre) (?P<month>{MONTH}) (?:to|and|until|till|through|-|–|"
    rf"bis|und|a|et|y) (?P<last>{MONTH})"
)


def read_periods(line: Line, today: dt.date) -> Iterator[Finding]:
    if not (line.has_digits or line.has(PERIOD_WORDS)):
        return
    for named, when in WHEN.items():
        for found in named.finditer(line.plain):
            yield Finding(*found.span(), DATES, {"when": [when.value]})
    for start, end, (first, last) in chain(
        _by_name(line, today), _by_number(line, today), _by_month(line, today)
    ):
        yield Finding(start, end, DATES, from_to(first, last))


def from_to(first: dt.date | None, last: dt.date | None) -> dict[str, list[str]]:
    filters = {}
    if first:
        filters["date_from"] = [first.isoformat()]
    if last:
        filters["date_to"] = [last.isoformat()]
    return filters


def _by_name(line: Line, today: dt.date) -> Iterator[Period]:
    this_month, _last = month_round(today)
    for named, period in (
        (THIS_WEEK, (today, today + DAY * (6 - today.weekday()))),
        (THIS_MONTH, (today, month_round(today)[1])),
        (NEXT_MONTH, month_round(this_month + 31 * DAY)),
        (THIS_YEAR, (today, today.replace(month=12, day=31))),
    ):
        for found in named.finditer(line.plain):
            yield *found.span(), period


def _by_number(line: Line, today: dt.date) -> Iterator[Period]:
    for found in NEXT_DAYS.finditer(line.plain):
        number = NUMBERS.get(found["number"]) or int(found["number"])
        days = number * (7 if found["unit"] == "weeks" else 1)
        if days:
            yield *found.span(), (today, today + DAY * (days - 1))
    for found in IN_YEAR.finditer(line.plain):
        year = int(found["year"])
        if today.year <= year:
            yield *found.span(), (max(today, dt.date(year, 1, 1)), dt.date(year, 12, 31))


def _by_month(line: Line, today: dt.date) -> Iterator[Period]:
    for found in (*MONTH_NAMED.finditer(line.plain), *MONTH_OF_YEAR.finditer(line.plain)):
        if period := coming_month(MONTH_OF[found["month"]], today, found["year"]):
            yield *found.span(), period
    for found in MONTHS.finditer(line.plain):
        first = coming_month(MONTH_OF[found["month"]], today, None)
        last = first and coming_month(MONTH_OF[found["last"]], first[0], None)
        if first and last:
            yield *found.span(), (first[0], last[1])


def month_round(day: dt.date) -> tuple[dt.date, dt.date]:
    return day.replace(day=1), (day.replace(day=1) + 31 * DAY).replace(day=1) - DAY
