"""In Berlin, in the Netherlands, near Munich, near me."""

from collections.abc import Iterator

from events.search.names import CityName
from events.search.phrases.line import AS_IT_IS, Finding, Line, phrase, words_of
from events.search.words import fold

PLACE = "place"
NEAR = "near"
AROUND_ME = phrase(
    "(?:(?:near|around|close to|next to|by) (?:me|my place|my location|here|us)|nearby|near by|"
    "close by|(?:hier )?in (?:der|meiner) nahe|pres de (?:moi|chez moi)|cerca de mi)"
)
IN = phrase("in|en|a|bei|im")
AROUND = phrase("near|around|close to|nearby|nahe|rund um|in der nahe von|um|pres de|cerca de")
AND = words_of("and und et y & / +")
ARTICLES = words_of("the der den dem die la le les los el il")
# "a" is Spanish and French for "in", and a word of English.
TO_PARIS = "à"
# By how many times the largest of cities that share a name must be the one that is meant.
CLEARLY = 10
# Cities that are words as well: only where nothing follows that could belong to the word.
WORDS_TOO = words_of(
    """
    bad bar bath bay best big black buffalo central chad cork date deal derby eden essen fleet gap
    general georgia golf grand green hall hell home hope independence jersey jordan kit lens liberty
    live long male man mark media mobile most mountain much nancy natural nice normal opportunity
    orange paradise peace pilot pole police power reading real rich rugby sale same sand sandy santa
    second sever show solo son split spring street summit surprise talent target time tours truth
    turkey union university victory wells winners winter young
    """
)


def read_whereabouts(line: Line) -> Iterator[Finding]:
    for found in AROUND_ME.finditer(line.plain):
        yield Finding(*found.span(), NEAR, {"near": ["me"]})
    for found in IN.finditer(line.plain):
        if found[0] != "a" or line.typed(*found.span()) == TO_PARIS:
            yield from _read_place(line, found.start(), found.end() + 1)
    yield from _read_last_country(line)
    for found in AROUND.finditer(line.plain):
        for end, key in _names_at(line, found.end() + 1):
            if cities := line.names.cities_named(key):
                is_word = key in WORDS_TOO
                filters = {"near": [cities[0].slug]}
                yield Finding(found.start(), end, NEAR, filters, is_last=is_word)
                break


def _read_place(line: Line, start: int, name_start: int) -> Iterator[Finding]:
    """The longest name of a city, country or region that begins there."""
    for end, key in _names_at(line, name_start):
        if cities := line.names.cities_named(key):
            end, cities = _with_country(line, end, cities)
            if not _is_one_of_several(line, end):
                filters = _filters_of(cities, _name(line, name_start, end))
                yield Finding(start, end, PLACE, filters, is_last=key in WORDS_TOO)
            return
        if line.names.country_named(key) or line.names.cities_in_region(key):
            yield Finding(start, end, PLACE, {"location": [_name(line, name_start, end)]})
            return
    if line.after(name_start) in ARTICLES:
        article_end = name_start + len(line.after(name_start))
        for end, key in _names_at(line, article_end + 1):
            if line.names.country_named(key):
                name = _name(line, article_end + 1, end)
                yield Finding(start, end, PLACE, {"location": [name]})
                return


def _read_last_country(line: Line) -> Iterator[Finding]:
    """As in "ruby uk": a country that comes last needs no "in" before it."""
    for piece in line.pieces[1:]:
        for end, key in _names_at(line, piece.start):
            is_last = end == line.pieces[-1].end
            if is_last and key not in WORDS_TOO and line.names.country_named(key):
                name = _name(line, piece.start, end)
                yield Finding(piece.start, end, PLACE, {"location": [name]}, is_last=True)
                return


def _names_at(line: Line, start: int) -> Iterator[tuple[int, str]]:
    """Where a name could end that begins there, and the name, folded; the longest first."""
    pieces = [piece for piece in line.pieces if piece.start >= start]
    pieces = pieces[: max(line.names.longest_place, 4)]
    for length in range(len(pieces), 0, -1):
        if not any(piece.plain == AS_IT_IS for piece in pieces[:length]):
            yield pieces[length - 1].end, fold(" ".join(piece.typed for piece in pieces[:length]))


def _with_country(
    line: Line, end: int, cities: tuple[CityName, ...]
) -> tuple[int, tuple[CityName, ...]]:
    """As in "Paris, France"."""
    for later_end, key in _names_at(line, end + 1):
        country = line.names.country_named(key)
        inside = tuple(
            city
            for city in cities
            if (country and city.country_code == country.code) or fold(city.region) == key
        )
        if inside and key:
            return later_end, inside
    return end, cities


def _is_one_of_several(line: Line, end: int) -> bool:
    """As in "Berlin and Hamburg"; only one can be asked for."""
    and_ = line.after(end)
    return and_ in AND and any(
        line.names.cities_named(key) for _end, key in _names_at(line, end + len(and_) + 2)
    )


def _name(line: Line, start: int, end: int) -> str:
    return line.typed(start, end).rstrip(",;.!?")


def _filters_of(cities: tuple[CityName, ...], name: str) -> dict[str, list[str]]:
    """Of cities with the same name all, unless one of them is most likely meant."""
    if len(cities) == 1 or cities[0].upcoming >= CLEARLY * cities[1].upcoming:
        return {"city": [cities[0].slug]}
    return {"location": [name]}
