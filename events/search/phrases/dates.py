"""On Friday evening, tomorrow morning, 24.12., from 24 to 26 December, until Sunday."""

import datetime as dt
import re
from collections.abc import Iterator

from events.days import When
from events.search.phrases.calendar_words import (
    ANY_DAY,
    CERTAIN_DAY,
    DAY_WORDS,
    DAYS_TO,
    LONG_WEEKDAY,
    MONTH,
    MONTH_OF,
    NUMBER,
    WEEKDAY,
    YEAR,
    coming,
    day_of,
)
from events.search.phrases.line import Finding, Line, phrase, words_of
from events.search.phrases.parts_of_day import PART, PARTS, TIME
from events.search.phrases.periods import DATES, DAY, from_to

TONIGHT = phrase(
    "(?:for )?(?:tonight|this evening|heute abend|heute nacht|ce soir|esta noche|stasera)"
)

ON = "(?:on|am|this|for|le|el|del)"
AND_PART = f"(?: (?:in the |am |im |au |dans l')?(?P<part>{PART}))?"
ON_DAY = phrase(f"(?:{ON} )(?:{WEEKDAY} )?(?P<day>{ANY_DAY}){AND_PART}")
NAMED_DAY = phrase(
    f"(?:{WEEKDAY} )?(?P<day>{CERTAIN_DAY}|"
    "(?:next|coming|this|nachste[nrs]?|kommende[nrs]?|diese[nrs]?) "
    f"{LONG_WEEKDAY}|{LONG_WEEKDAY} (?:next week|nachste woche)){AND_PART}"
)
NEXT_WEEK_ON = phrase(f"(?:next week|nachste woche) (?:on |am )?(?P<weekday>{LONG_WEEKDAY})")
LAST_WEEKDAY = phrase(f"(?P<day>{LONG_WEEKDAY}){AND_PART}")
# "Black Friday" is a name, and so are these.
NAMED_WEEKDAYS = words_of(
    """
    a any ash black bloody blue casual chocolate cyber each easter every fat first funday giving
    good happy holy last lazy manic maundy my of palm ruby second shrove silent stormy sunny super
    taco techno the third throwback whit jeden bowl
    """
)
BETWEEN = "(?:to|until|till|through|-|–|bis|and|und|al?|au|hasta|jusqu'au|et|y)"
FROM_TO = phrase(
    f"(?:from|between|von|vom|zwischen|du|de|del|entre|desde) (?P<first>{ANY_DAY}) "
    f"{BETWEEN} (?:zum )?(?P<last>{ANY_DAY})"
)
DAY_TO_DAY = phrase(
    f"(?:on )?(?P<first>{CERTAIN_DAY}|{LONG_WEEKDAY}) (?:to|until|till|through|-|–|bis) "
    f"(?P<last>{CERTAIN_DAY}|{LONG_WEEKDAY})"
)
TWO_DAYS = phrase(
    f"(?:on )?(?P<first>{CERTAIN_DAY}|{LONG_WEEKDAY}) (?:and|or|&|und|oder|et|ou|y|o) "
    f"(?P<last>{CERTAIN_DAY}|{LONG_WEEKDAY})"
)
DAYS_OF_MONTH = phrase(
    rf"(?:(?:from|between|von|vom|zwischen|du|del) )?(?:the )?(?:"
    rf"(?P<first>{NUMBER})(?:st|nd|rd|th|\.)? ?{BETWEEN} ?(?:the |zum )?"
    rf"(?P<last>{NUMBER})(?:st|nd|rd|th|\.)?(?: of| de)? (?P<month>{MONTH})"
    rf"|(?P<month_first>{MONTH}) (?P<from>{NUMBER}) ?{BETWEEN} ?(?P<to>{NUMBER})"
    rf"|(?P<dotted_first>{NUMBER})\. ?(?:-|–|bis) ?(?P<dotted_last>{NUMBER})\."
    rf"(?P<dotted_month>0?[1-9]|1[0-2])\.)(?: ?(?P<year>{YEAR}))?"
)
SINCE = phrase(
    f"(?P<word>after|from|since|starting|starting on|ab|nach|desde|a partir de|a partir du) "
    f"(?P<day>{ANY_DAY})"
)
UNTIL = phrase(
    f"(?P<word>before|until|till|by|up to|bis|bis zum|vor|hasta|jusqu'au|avant|antes de) "
    f"(?P<day>{ANY_DAY})"
)
EXCLUSIVE = frozenset(("after", "nach", "before", "vor", "avant", "antes de"))


def read_dates(line: Line, today: dt.date) -> Iterator[Finding]:
    if line.has_digits or line.has(DAY_WORDS):
        yield from _read_days(line, today)
        yield from _read_ranges(line, today)
        yield from _read_bounds(line, today)


def _read_days(line: Line, today: dt.date) -> Iterator[Finding]:
    for found in TONIGHT.finditer(line.plain):
        filters = {"when": [When.TODAY.value], "time": [PARTS["evening"].value]}
        yield Finding(*found.span(), DATES, filters)
    for found in (*ON_DAY.finditer(line.plain), *NAMED_DAY.finditer(line.plain)):
        if day := day_of(found["day"], today):
            yield Finding(*found.span(), DATES, _on(found["day"], day, found["part"]))
    for found in NEXT_WEEK_ON.finditer(line.plain):
        if day := day_of(f"next {found['weekday']}", today):
            yield Finding(*found.span(), DATES, _on("", day, None))
    for found in LAST_WEEKDAY.finditer(line.plain):
        day = day_of(found["day"], today)
        if day and line.before(found.start()) not in NAMED_WEEKDAYS:
            filters = _on(found["day"], day, found["part"])
            yield Finding(*found.span(), DATES, filters, is_last=True)


def _read_ranges(line: Line, today: dt.date) -> Iterator[Finding]:
    for found in (*FROM_TO.finditer(line.plain), *DAY_TO_DAY.finditer(line.plain)):
        first = day_of(found["first"], today)
        last = first and day_of(found["last"], first)
        if last and line.before(found.start()) not in EXCLUSIVE:
            yield Finding(*found.span(), DATES, from_to(first, last))
    for found in TWO_DAYS.finditer(line.plain):
        first = day_of(found["first"], today)
        last = first and day_of(found["last"], first)
        is_range = first and last and last - first == DAY
        # Days that lie apart cannot be asked for together, and one of them alone is not meant.
        yield Finding(*found.span(), DATES, from_to(first, last) if is_range else {})
    for found in DAYS_OF_MONTH.finditer(line.plain):
        if days := _days_of_month(found, today):
            yield Finding(*found.span(), DATES, from_to(*days))


def _read_bounds(line: Line, today: dt.date) -> Iterator[Finding]:
    for found in SINCE.finditer(line.plain):
        if day := day_of(found["day"], today):
            first = day + DAY if found["word"] in EXCLUSIVE else day
            yield Finding(*found.span(), DATES, from_to(first, None))
    for found in UNTIL.finditer(line.plain):
        day = day_of(found["day"], today)
        if day and (last := day - DAY if found["word"] in EXCLUSIVE else day) >= today:
            yield Finding(*found.span(), DATES, from_to(None, last))


def _on(said: str, day: dt.date, part: str | None) -> dict[str, list[str]]:
    days = DAYS_TO.get(said)
    if days is not None and days < 2:
        filters = {"when": [(When.TOMORROW if days else When.TODAY).value]}
    else:
        filters = {"date": [day.isoformat()]}
    if part:
        filters[TIME] = [PARTS[part].value]
    return filters


def _days_of_month(found: re.Match[str], today: dt.date) -> tuple[dt.date, dt.date] | None:
    first = found["first"] or found["from"] or found["dotted_first"]
    last = found["last"] or found["to"] or found["dotted_last"]
    name = found["month"] or found["month_first"]
    month = MONTH_OF[name] if name else int(found["dotted_month"])
    begin = coming(today, month, int(first), found["year"])
    end = begin and coming(begin, month, int(last), str(begin.year))
    return (begin, end) if begin and end else None
