"""Which listings match what a visitor asks for."""

import datetime as dt
import math
import struct
import sys
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.search import SearchQuery
from django.db import connection, models, transaction
from django.db.models import Aggregate, F, Func, Q, QuerySet, Value
from django.db.models.functions import ACos, Cos, Greatest, Least, Radians, Sin
from pyroaring import BitMap

from events.search.criteria import Criteria, DateRange, Near
from events.search.words import Words

if TYPE_CHECKING:
    from events.models import Listing

# PostgreSQL takes it that to look for words in a row costs nothing, and would rather do that row by
# row than ask the index.
BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"

STEMS, PLAIN = "english", "simple"
OF_A_PLACE = "@"
EARTH_RADIUS = 6371.0
KM_OF_A_DEGREE = 111.2
# Of the shorter ones, only the last may go on: someone is still typing it.
SHORTEST_PREFIX = 3
SHORTEST_PLURAL = 4
# Of more words, none are joined: with each pair, all the others are asked for once more.
MOST_JOINED = 8
# Between the days of a place and those of UTC; a long one takes more than the four days on top.
ZONES = dt.timedelta(days=1)
LONG = dt.timedelta(days=4) + ZONES


class ListingQuerySet(QuerySet["Listing"]):
    def matching(self, criteria: Criteria, *, at: dt.datetime) -> Self:
        """Those for which all that is asked for holds, at an instant."""
        listings = self.filter(ends_at__gt=at).with_tags(criteria)
        if criteria.words:
            listings = listings.with_words(criteria.words)
        if criteria.place:
            listings = listings.at_place(criteria.place)
        for dates in criteria.dates:
            listings = listings.on_dates(dates)
        listings = listings.priced(criteria.min_price, criteria.max_price)
        if criteria.is_available:
            listings = listings.available(at)
        if criteria.near:
            listings = listings.near(criteria.near)
        return listings

    def with_words(self, words: Words) -> Self:
        return self.filter(document=query_of(words))

    def at_place(self, place: Words) -> Self:
        """With each word in the venue, the address or what the city is called."""
        return self.filter(document=query_of_place(place))

    def with_tags(self, criteria: Criteria) -> Self:
        listings = self
        needed: list[str] = []
        for tags in criteria.tags_by_dimension().values():
            if len(tags) > 1:
                listings = listings.filter(tags__overlap=tags)
            else:
                needed += tags
        return listings.filter(tags__contains=needed) if needed else listings

    def on_dates(self, dates: DateRange) -> Self:
        """Running on at least one day from the first to the last, by the calendar of the place."""
        first, last = dates
        listings = self
        if last is not None:
            until = _midnight(last) + dt.timedelta(days=1) + ZONES
            listings = listings.filter(start_date__lte=last, starts_at__lt=until)
        if first is not None:
            begun = Q(starts_at__gt=latest_start_of_long(first)) | Q(is_long=True)
            listings = listings.filter(begun, end_date__gte=first)
        return listings

    def priced(self, lowest: Decimal | None, highest: Decimal | None) -> Self:
        """With prices, among those that everyone sees, from lowest to highest."""
        listings = self
        if lowest is not None:
            listings = listings.filter(highest_price__gte=lowest)
        if highest is not None:
            listings = listings.filter(lowest_price__lte=highest)
        return listings

    def available(self, at: dt.datetime | Value) -> Self:
        return self.filter(available_from__lte=at, available_until__gt=at)

    def near(self, near: Near) -> Self:
        """Annotate ``distance`` in kilometres, and keep what is within the radius."""
        height = near.radius / KM_OF_A_DEGREE
        listings = self.filter(
            latitude__range=(near.latitude - height, near.latitude + height)
        ).annotate(distance=distance_to(near))
        width = _width_in_degrees(near, height)
        if width is not None:
            listings = listings.filter(
                longitude__range=(near.longitude - width, near.longitude + width)
            )
        return listings.filter(distance__lte=near.radius)

    def distances(self) -> dict[int, float]:
        """Of the events ``near``, by id: kilometres, to some metres."""
        found = self.order_by().aggregate(pairs=JoinedPairs("event_id", "distance"))["pairs"]
        return dict(struct.iter_unpack(">if", bytes(found or b"")))

    def bitmap(self) -> BitMap:
        """The ids of the events, in one value: far cheaper than as many rows."""
        found = self.order_by().aggregate(ids=JoinedIds("event_id"))["ids"]
        ids = array("I", bytes(found or b""))
        if sys.byteorder == "little":
            ids.byteswap()
        return BitMap(ids)


class JoinedIds(Aggregate):
    """Four bytes for each, the highest first."""

    template = "string_agg(int4send((%(expressions)s)::int), '')"
    output_field = models.BinaryField()


class JoinedPairs(Aggregate):
    """Four bytes for each of an id and a number."""

    template = "string_agg(int4send((%(expressions)s)::real), '')"
    arg_joiner = ")::int) || float4send(("
    output_field = models.BinaryField()


class Lexemes(SearchQuery):
    """As they stand in the index, and not a text to be read."""

    template = "(%(expressions)s)::tsquery"


@contextmanager
def planned_for(criteria: Criteria) -> Iterator[None]:
    """Have the queries of the block ask the index for the words, where there are any."""
    if not (criteria.words or criteria.place):
        yield
        return
    with transaction.atomic(savepoint=False):
        with connection.cursor() as cursor:
            cursor.execute(BY_INDEX)
        yield


def query_of(words: Words) -> Any:
    """Every word by its stem or as the beginning of one, phrases by their stems in a row. Two words
    that stand side by side may be one, unless there are many: "kube con".
    """
    parts = [_found_by(words, place) for place in range(len(words.words))]
    query = reduce(and_, parts) if parts else None
    for place in range(len(parts) - 1) if len(parts) <= MOST_JOINED else ():
        pair = words.words[place : place + 2]
        if not words.whole.issuperset(pair):
            joined = _plain("".join(pair))
            query |= reduce(and_, [*parts[:place], joined, *parts[place + 2 :]])
    exact = [SearchQuery(phrase, config=STEMS, search_type="phrase") for phrase in words.phrases]
    exact += [~SearchQuery(phrase, config=STEMS, search_type="phrase") for phrase in words.excluded]
    return reduce(and_, exact if query is None else [query, *exact])


def _found_by(words: Words, place: int) -> Any:
    word = words.words[place]
    if word in words.whole:
        return _stem(word)
    is_last = place + 1 == len(words.words)
    is_prefix = len(word) >= (SHORTEST_PREFIX - 1 if is_last else SHORTEST_PREFIX)
    found = _stem(word) | _plain(word, is_prefix=is_prefix)
    if word.endswith("s") and len(word) > SHORTEST_PLURAL:
        found |= _plain(word[:-1])
    return found


def query_of_place(place: Words) -> Any:
    """Words of a place stand in the index by themselves, marked: see events_place."""
    wanted = [*place.words, *" ".join(place.phrases).split()]
    unwanted = " ".join(place.excluded).split()
    query = " & ".join(
        [
            *(f"'{OF_A_PLACE}{word}':*" for word in wanted),
            *(f"!'{OF_A_PLACE}{word}'" for word in unwanted),
        ]
    )
    return Lexemes(query)


def stems_of(words: Words) -> Any:
    """Any of the words by its stem, or of the phrases: what a ranking weighs most."""
    parts: list[Any] = [_stem(word) for word in words.words]
    parts += [_plain("".join(pair)) for pair in pairwise(words.words)]
    parts += [SearchQuery(phrase, config=STEMS, search_type="phrase") for phrase in words.phrases]
    return reduce(or_, parts) if parts else query_of(words)


def distance_to(near: Near) -> Any:
    """The great-circle distance in kilometres."""
    latitude, longitude = Radians(F("latitude")), Radians(F("longitude"))
    here, there = Radians(Value(near.latitude)), Radians(Value(near.longitude))
    cosine = Sin(here) * Sin(latitude) + Cos(here) * Cos(latitude) * Cos(longitude - there)
    bounded = Greatest(Least(cosine, Value(1.0)), Value(-1.0))
    return Func(
        ACos(bounded),
        template=f"({EARTH_RADIUS} * %(expressions)s)",
        output_field=models.FloatField(),
    )


def _stem(word: str) -> SearchQuery:
    """A folded word has no quotes that could end it."""
    return SearchQuery(f"'{word}'", config=STEMS, search_type="raw")


def _plain(word: str, *, is_prefix: bool = True) -> SearchQuery:
    return SearchQuery(f"'{word}'{':*' if is_prefix else ''}", config=PLAIN, search_type="raw")


def latest_start_of_long(day: dt.date) -> dt.datetime:
    """What began by then and runs on that day is long."""
    return _midnight(day) - LONG


def _midnight(day: dt.date) -> dt.datetime:
    """The nearest with room around it, at the ends of the calendar."""
    day = min(max(day, dt.date.min + LONG), dt.date.max - LONG)
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _width_in_degrees(near: Near, height: float) -> float | None:
    """Half the width of the box; None where it holds all longitudes or goes over the date line."""
    edge = math.radians(min(abs(near.latitude) + height, 89.9))
    width = height / math.cos(edge)
    if abs(near.longitude) + width > 180:
        return None
    return width
