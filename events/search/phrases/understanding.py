import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from events.search.names import Names
from events.search.phrases.dates import read_dates
from events.search.phrases.line import Finding, Line, phrase, read_line, words_of
from events.search.phrases.parts_of_day import read_parts_of_day
from events.search.phrases.periods import read_periods
from events.search.phrases.prices import read_prices
from events.search.phrases.whereabouts import read_whereabouts
from events.search.phrases.wishes import read_wishes
from events.search.words import STOP_WORDS

Filters = dict[str, list[str]]

# Next to one of these a filter would say something else than the words do.
# "Not today", "the city of tomorrow", and "before Friday" where that is today.
TURNS_WHAT_FOLLOWS = words_of(
    """
    of not nicht no without ohne except never sans sin kein or oder ou before after until till since
    by vor nach bis ab avant apres antes hasta desde
    """
)
TURNS_WHAT_PRECEDES = words_of("or oder ou")
# Two filters of one kind that can both hold.
BOUNDS = (("date_from", "date_to"), ("min_price", "max_price"))

# What says nothing beside a filter, as everything here is an event.
EVENTS = words_of("events veranstaltungen evenements eventos")
ANYTHING = phrase(
    "(?:all |any |some |the |other |what |which )?(?:events?|veranstaltung(?:en)?|evenements?|"
    "eventos?)(?: are| is)?|(?:things|something|anything|what)(?: to do| is on| on| is happening)?|"
    "what's(?: on| happening)?|whats on|was ist los|to do"
)
ASKING = phrase(
    "(?:please )?(?:find|show)(?: me)?|(?:i'm |i am )?looking for|search(?:ing)? for|i want|"
    "where can i find|ich suche|je cherche|busco"
)


@dataclass(frozen=True, slots=True)
class Understood:
    """``filters`` are query parameters as /events/ takes them; near=me stands for the position
    that only the browser knows. ``text`` is the rest, as it was typed.
    """

    text: str
    filters: Filters = field(default_factory=dict)


def understand(text: str, *, today: dt.date, names: Names) -> Understood:
    """Read a line from the search box. Days are seen from ``today``.

    A word stays in the text unless it became part of a filter, or says nothing beside one
    ("events", "the"). Where a line asks for two different things of one kind, such as two days, it
    stays as it is. What is left holds no further filter.
    """
    findings: list[Finding] = []
    left = text
    while taken := _taken(line := read_line(left, names), today):
        findings += taken
        left = _telling(_left(line, taken), names)
    if not all(_agree(*pair) for pair in combinations(findings, 2)):
        return Understood(text)
    filters: Filters = {}
    for finding in findings:
        for name, values in finding.filters.items():
            filters[name] = sorted({*filters.get(name, []), *values})
    return Understood(left, filters)


def _taken(line: Line, today: dt.date) -> list[Finding]:
    """From the end of the line, as some findings have to be last."""
    taken: list[Finding] = []
    ends = {len(line.plain)}
    for finding in sorted(_without_overlaps(_findings(line, today)), key=lambda it: -it.start):
        is_last = finding.end in ends
        if finding.filters and (is_last or not finding.is_last) and _keeps_meaning(line, finding):
            taken.append(finding)
            ends.add(finding.start - 1)
    return taken


def _findings(line: Line, today: dt.date) -> Iterator[Finding]:
    yield from read_dates(line, today)
    yield from read_periods(line, today)
    yield from read_parts_of_day(line)
    yield from read_prices(line)
    yield from read_wishes(line)
    yield from read_whereabouts(line)


def _without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """The longest; of equal ones the first."""
    chosen: list[Finding] = []
    for finding in sorted(findings, key=lambda finding: -finding.length):
        if all(finding.end <= other.start or other.end <= finding.start for other in chosen):
            chosen.append(finding)
    return chosen


def _keeps_meaning(line: Line, finding: Finding) -> bool:
    return (
        line.before(finding.start) not in TURNS_WHAT_FOLLOWS
        and line.after(finding.end) not in TURNS_WHAT_PRECEDES
    )


def _agree(one: Finding, other: Finding) -> bool:
    shared = one.filters.keys() & other.filters.keys() - {"access"}
    agree = all(one.filters[name] == other.filters[name] for name in shared)
    if one.kind != other.kind or not agree:
        return agree
    both = one.filters | other.filters
    for low, high in BOUNDS:
        if one.filters.keys() != other.filters.keys() and both.keys() == {low, high}:
            return _in_order(both[low][0], both[high][0])
    return one.filters == other.filters


def _in_order(low: str, high: str) -> bool:
    return low <= high if "-" in low else float(low) <= float(high)


def _left(line: Line, taken: list[Finding]) -> str:
    """What was not taken, without the commas that parted it from that."""
    words: list[str] = []
    for piece in line.pieces:
        if not any(finding.start <= piece.start < finding.end for finding in taken):
            words.append(piece.typed)
        elif words:
            words[-1] = words[-1].rstrip(",;")
    return " ".join(words)


def _telling(text: str, names: Names) -> str:
    """Without words that say nothing beside a filter."""
    line = read_line(text, names)
    pieces = list(line.pieces)
    if asking := ASKING.match(line.plain):
        pieces = [piece for piece in pieces if piece.start >= asking.end()]
    while pieces and pieces[-1].plain in EVENTS:
        pieces.pop()
    plain = " ".join(piece.plain for piece in pieces)
    if ANYTHING.fullmatch(plain) or STOP_WORDS.issuperset(plain.split()):
        return ""
    return " ".join(piece.typed for piece in pieces)
