"""Free, under 20 euros, from 10 to 20."""

import re
from collections.abc import Iterator

from events.search.phrases.line import Finding, Line, phrase, words_of

PRICE = "price"
MARK = "[€£$]"
CURRENCY = (
    f"(?:{MARK}|eur|euros?|gbp|pounds?|quid|usd|dollars?|bucks|chf|francs?|franken|dolares|libras)"
)
NUMBER = r"\d{1,6}(?:[.,]\d{1,2})?"


def amount(name: str) -> str:
    return rf"(?P<{name}_mark>{MARK} ?)?(?P<{name}>{NUMBER})(?P<{name}_unit> ?{CURRENCY})?"


FREE = phrase(
    "(?:100%|completely|totally|entirely) free|"
    "(?:for )?free (?:of charge|entry|entrance|admission|tickets?)|for free|no cover charge|"
    "(?:entry|entrance|admission) (?:is )?free|kostenlos(?:e[rsn]?)?|kostenfrei(?:e[rsn]?)?|gratis|"
    "(?:bei )?freie[rmn]? eintritt|eintritt frei|gratuite?s?|entree (?:libre|gratuite)|"
    "gratuit[oa]s?|entrada (?:libre|gratuita)"
)
FREE_WORD = phrase("free")
# What is free in another sense.
NOT_BEFORE = words_of(
    """
    agent agents and as at bird body church climbing city code cuba diving dive dom download energy
    entity fall falling fight fighting fire folk for form formation from gaza god improv
    improvisation improvised jam jazz kick lance lunch man market markets masons method motion
    movement nelson or palestine people play press radical radicals range ride rider riders riding
    rock ski software solo soloing speech spirit spirits standing state states style swim the throw
    throws tibet time to trade tree ukraine use verse weight weights wheel wheeling wheelin wifi wi-
    fi will willy women world yourself
    """
)
NOT_AFTER = words_of(
    """
    additive alcohol allergen allergy animal are ad ads barrier be beer being born break breaking
    bug cage car carbon care caste cfc child cost cruelty dairy debt diet dog drug drugs duty fat
    feel feeling fossil fragrance fuel gender get gluten go grain gmo guilt hands harm hassle her
    him is it job judgement judgment kid lactose land latex lead legal live living meat milk nut
    nuts oil one pain pesticide phone plastic publication roam royalty run safe screen self set
    setting shame smoke smoking step stay stress sugar tax that the them they think to tobacco toll
    toxic us violence walk war waste we weed wheat wild you your zero
    """
)
# Ages rather than prices, where no currency is named.
AGES = words_of("3 4 5 6 7 8 9 10 11 12 13 14 16 17 18 19 21 23 25 26 27 30 35 40")

MOST = (
    "under|below|less than|cheaper than|up to|upto|at most|no more than|not more than|max|maximum|"
    "unter|bis(?: zu)?|hochstens|maximal|weniger als|moins de|jusqu'a|menos de|hasta|por menos de"
)
LEAST = (
    "over|above|more than|from|at least|starting at|min|minimum|ab|uber|mehr als|mindestens|"
    "plus de|a partir de|mas de|desde"
)
AT_MOST = phrase(f"(?:for |fur )?(?P<word>{MOST}) {amount('high')}(?: (?:tickets?|entry))?")
AT_LEAST = phrase(f"(?:{LEAST}) {amount('low')}")
TO = " ?(?:-|–|to|and|bis|und|et|y|a) ?"
RANGE = phrase(
    f"(?P<word>(?:from|between|von|zwischen|de|entre|desde) )?{amount('low')}{TO}{amount('high')}"
)
# After numbers that are a time, an age or a quantity.
UNITS = words_of(
    """
    am pm a.m p.m h uhr o'clock years year yrs yr jahre jahren ans anos km kilometers kilometres
    miles mi minutes min mins hours people persons personen guests % percent
    """
)
PAIR_WORDS = ("from ", "von ")


def read_prices(line: Line) -> Iterator[Finding]:
    yield from _read_free(line)
    yield from _read_amounts(line)


def _read_free(line: Line) -> Iterator[Finding]:
    for found in FREE.finditer(line.plain):
        yield Finding(*found.span(), PRICE, {"max_price": ["0"]})
    for found in FREE_WORD.finditer(line.plain):
        if not means_something_else(line, found):
            yield Finding(*found.span(), PRICE, {"max_price": ["0"]})


def _read_amounts(line: Line) -> Iterator[Finding]:
    for found in RANGE.finditer(line.plain):
        low, high = value(found["low"]), value(found["high"])
        is_price = found["word"] in PAIR_WORDS
        if float(low) < float(high) and (is_price or has_currency(found, "low", "high")):
            yield from unless_unit(line, found, {"min_price": [low], "max_price": [high]})
    for found in AT_MOST.finditer(line.plain):
        if has_currency(found, "high") or is_bare_price(found):
            yield from unless_unit(line, found, {"max_price": [value(found["high"])]})
    for found in AT_LEAST.finditer(line.plain):
        if has_currency(found, "low"):
            yield from unless_unit(line, found, {"min_price": [value(found["low"])]})


def means_something_else(line: Line, found: re.Match[str]) -> bool:
    return line.after(found.end()) in NOT_BEFORE or line.before(found.start()) in NOT_AFTER


def has_currency(found: re.Match[str], *names: str) -> bool:
    return any(found[f"{name}_mark"] or found[f"{name}_unit"] for name in names)


def is_bare_price(found: re.Match[str]) -> bool:
    return found["word"] in ("under", "below", "unter") and found["high"] not in AGES


def unless_unit(
    line: Line, found: re.Match[str], filters: dict[str, list[str]]
) -> Iterator[Finding]:
    if line.after(found.end()) not in UNITS:
        yield Finding(*found.span(), PRICE, filters)


def value(number: str) -> str:
    return number.replace(",", ".")
