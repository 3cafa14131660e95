"""Which listings match what a visitor asks for."""

import datetime as dt
import math
import struct
import sys
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models, transaction
from django.db.models import Aggregate, F, Func, Q, QuerySet, Value
from django.db.models.functions import ACos, Cos, Greatest, Least, Radians, Sin
from pyroaring import BitMap

from events.search.criteria import Criteria, DateRange, Near
from events.search.tsquery import Wanted, query_of, query_of_place
from events.search.words import Words

if TYPE_CHECKING:
    from events.models import Listing

# PostgreSQL takes it that to look for words in a row costs nothing, and would rather do that row by
# row than ask the index.
BY_INDEX = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"

EARTH_RADIUS = 6371.0
KM_OF_A_DEGREE = 111.2
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
        return self.filter(document=Wanted(query_of(words)))

    def at_place(self, place: Words) -> Self:
        """With each word in the venue, the address or what the city is called."""
        return self.filter(document=Wanted(query_of_place(place)))

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
        return bitmap_of(self.joined_ids().get())

    def joined_ids(self) -> Any:
        """One row, for bitmap_of."""
        joined = self.order_by().annotate(ids=JoinedIds("event_id")).values_list("ids", flat=True)
        joined.query.group_by = None  # of all that match
        return joined


def bitmap_of(joined: bytes | None) -> BitMap:
    """The ids that JoinedIds has put together."""
    ids = array("I", bytes(joined or b""))
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
