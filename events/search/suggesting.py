"""What someone may mean who is still typing: cities, categories, hosts and titles of events."""

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func
from rapidfuzz import process
from rapidfuzz.distance import OSA

from eventmate.kept_queries import Fragment, IsOneOf, KeptQuery, Parameter
from events.listings import planned_for
from events.models import Event, Listing
from events.search.criteria import Criteria
from events.search.names import CategoryName, CityName, HostName, Names
from events.search.prefixes import AFTER_ALL_LETTERS
from events.search.tsquery import HasWords, query_of
from events.search.vocabulary_store import vocabulary
from events.search.words import STOP_WORDS, Words, fold

MOST_CITIES, MOST_CATEGORIES, MOST_HOSTS, MOST_EVENTS = 4, 3, 3, 6
MOST_WORDS = 6
# Letters from which on a word is looked for inside of titles, and a slip in one is forgiven.
SHORTEST_WORD = 3
SHORTEST_SLIP = 4
# More names than so many are not compared one by one.
MOST_COMPARED = 20_000
# Of so many titles the best are taken.
MOST_TITLES = 100
# A word that no more listings have is looked up. Where there is none, only so many of the most
# popular listings are looked through: that is where an event that people look for most likely is.
RARE = 1_500
MOST_POPULAR = 1_000

COLUMNS = ("title", "event_id", "popularity", "starts_at")
SHOWN = (
    *("title", "slug", "starts_at", "ends_at", "timezone", "is_all_day", "is_online"),
    "city__name",
)
Row = tuple[str, int, int, dt.datetime]


class MatchesAll(Func):
    """A condition: a text matches each regular expression of a list, which is one parameter."""

    template = "(%(expressions)s))"
    arg_joiner = " ~ ALL ("
    output_field = BooleanField()


def _titles(*conditions: Any, **named: Any) -> Any:
    listings = Listing.objects.filter(*conditions, ends_at__gt=Parameter("at"), **named)
    return listings.values_list(*COLUMNS)[:MOST_TITLES]


BEGINNING: KeptQuery[Any] = KeptQuery(partial(_titles, title__startswith=Parameter("text")))
WITH_WORDS: KeptQuery[Any] = KeptQuery(
    partial(
        _titles,
        HasWords(F("document"), Fragment("words")),
        MatchesAll(F("title"), Parameter("patterns")),
    )
)
EVENTS = KeptQuery(
    lambda: (
        Event.objects.filter(IsOneOf(F("pk"), Parameter("ids")))
        .order_by()
        .select_related("city")
        .only(*SHOWN)
    )
)
POPULAR = """
SELECT title, event_id, popularity, starts_at FROM (
    SELECT title, event_id, popularity, starts_at FROM events_listing
     WHERE ends_at > %s ORDER BY popularity DESC, starts_at, event_id LIMIT %s
) AS popular
 WHERE title ~ ALL (%s) LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The best first; empty for less than two letters."""

    cities: tuple[CityName, ...] = ()
    categories: tuple[CategoryName, ...] = ()
    hosts: tuple[HostName, ...] = ()
    events: tuple[Event, ...] = ()


def suggest(text: str, *, names: Names, at: dt.datetime) -> Suggestions:
    folded = fold(text)
    if len(folded) < 2 and folded.isascii():
        return Suggestions()
    cities = names.city_beginnings.starting(folded, MOST_CITIES) or slips(folded, names)
    return Suggestions(
        cities=tuple(cities),
        categories=tuple(names.category_beginnings.starting(folded, MOST_CATEGORIES)),
        hosts=tuple(names.host_beginnings.starting(folded, MOST_HOSTS)),
        events=tuple(events_titled(folded, at=at)),
    )


def slips(folded: str, names: Names) -> list[CityName]:
    """The cities whose name this is but for a letter or two."""
    keys = names.city_keys
    if len(folded) < SHORTEST_SLIP or len(keys) > MOST_COMPARED:
        return []
    edits = 1 if len(folded) < 2 * SHORTEST_SLIP else 2
    found = process.extract(
        folded, keys, scorer=OSA.distance, score_cutoff=edits, limit=MOST_CITIES
    )
    cities = (city for key, _edits, _place in found for city in names.cities_named(key))
    return list({city.pk: city for city in cities}.values())[:MOST_CITIES]


def events_titled(folded: str, *, at: dt.datetime) -> list[Event]:
    """Titles that begin so come first. Of events with the same title, one stands for all."""
    chosen = best_of(BEGINNING.rows(text=folded, at=at))
    if len(chosen) < MOST_EVENTS and len(folded) >= SHORTEST_WORD:
        words = list(telling_words(folded))[:MOST_WORDS]
        others = best_of(titled_with(words, at=at))
        chosen |= {title: pk for title, pk in others.items() if title not in chosen}
    pks = list(chosen.values())[:MOST_EVENTS]
    events = {event.pk: event for event in EVENTS.rows(ids=pks)} if pks else {}
    return [events[pk] for pk in pks if pk in events]


def telling_words(folded: str) -> Iterator[str]:
    """Not "in", unless it is all there is so far, or the beginning of another word."""
    *words, last = folded.split()
    yield from (word for word in words if word not in STOP_WORDS)
    yield last


def best_of(rows: Iterable[Row]) -> dict[str, int]:
    """The ids of events by their titles, the most popular first, and of equal ones the next."""
    best: dict[str, int] = {}
    for title, pk, _popularity, _start in sorted(rows, key=lambda row: (-row[2], row[3], row[1])):
        best.setdefault(title, pk)
    return best


def titled_with(words: list[str], *, at: dt.datetime) -> list[Row]:
    """Those whose titles have each word, or one that begins with it."""
    patterns = [rf"\m{re.escape(word)}" for word in words]
    rare = rare_word_of(words)
    if rare is None:
        with connection.cursor() as cursor:
            cursor.execute(POPULAR, [at, MOST_POPULAR, patterns, MOST_TITLES])
            return cursor.fetchall()
    wanted = Words((rare,))
    with planned_for(Criteria(words=wanted)):
        rows: list[Any] = WITH_WORDS.rows(words=query_of(wanted), patterns=patterns, at=at)
        return rows


def rare_word_of(words: list[str]) -> str | None:
    """The one that the fewest listings have, if they are few."""
    known = vocabulary()
    if known is None:
        return None

    def count(word: str) -> int:
        if not word.isalpha():
            return RARE + 1  # numbers are no part of the vocabulary
        first = bisect_left(known.words, word)
        last = bisect_left(known.words, word + AFTER_ALL_LETTERS, lo=first)
        return sum(known.counts[first:last])

    number, rarest = min((count(word), word) for word in words)
    return rarest if number <= RARE else None
