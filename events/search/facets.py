"""How many events each choice of a filter would show: all other filters hold, its own does not.

A key names a choice: a tag of the listings ("category:3"), or "when:weekend", "price:25" (up to
that much), "available:1". PostgreSQL counts them where few listings match; on a large site, the
bitmaps of facet_index.py do.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import heapify, heapreplace, nlargest

from django.db import connection
from pyroaring import BitMap

from events.days import When, days_of
from events.listings import ListingQuerySet
from events.search.criteria import Criteria
from events.search.facet_index import FacetIndex

# What more than so many listings match, PostgreSQL does not count.
MOST_COUNTED = 1000
# Of a dimension with many values, no page shows more.
MOST_SHOWN = 40
PRICES = tuple(map(Decimal, (10, 25, 50, 100)))
DATES, PRICE, AVAILABLE = "dates", "price", "available"
DIMENSIONS = (
    *("category", "city", "host", "time", "attend", "language", "access"),
    *(DATES, PRICE, AVAILABLE),
)
EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Counts:
    """``numbers`` are by key, of the dimensions that are counted."""

    numbers: Mapping[str, int]
    dimensions: Collection[str]

    def of(self, dimension: str, key: str) -> int | None:
        """None where it is not known."""
        return self.numbers.get(key, 0) if dimension in self.dimensions else None

    def most(self, dimension: str, count: int) -> list[str]:
        """The values of the tags of a dimension that most listings have, those first."""
        start = f"{dimension}:"
        found = [key for key in self.numbers if key.startswith(start)]
        return [
            key.removeprefix(start) for key in nlargest(count, found, key=self.numbers.__getitem__)
        ]


COUNT = """
    WITH matches AS MATERIALIZED ({matches})
    SELECT 'everything', count(*) FROM matches
    UNION ALL
    SELECT tag, count(*) FROM matches CROSS JOIN unnest(tags) AS tag
     WHERE split_part(tag, ':', 1) = ANY (%(dimensions)s)
     GROUP BY tag
    UNION ALL
    SELECT 'when:' || choice, count(*) FROM matches
      JOIN unnest(%(whens)s::text[], %(firsts)s::date[], %(lasts)s::date[])
           AS days (choice, first, last) ON start_date <= last AND end_date >= first
     GROUP BY choice
    UNION ALL
    SELECT 'price:' || price, count(*) FROM matches
      JOIN unnest(%(prices)s::numeric[]) AS price ON lowest_price <= price
     GROUP BY price
    UNION ALL
    SELECT 'available:1', count(*) FROM matches
     WHERE available_from <= %(at)s AND available_until > %(at)s
    HAVING count(*) > 0
"""
COLUMNS = (
    *("tags", "start_date", "end_date", "lowest_price"),
    *("available_from", "available_until"),
)


def count_choices(
    listings: ListingQuerySet, criteria: Criteria, *, at: dt.datetime, today: dt.date
) -> Counts:
    """Not of the dimensions in which too many match."""
    asked = [dimension for dimension in criteria.dimensions() if dimension in DIMENSIONS]
    others = [dimension for dimension in DIMENSIONS if dimension not in asked]
    numbers: dict[str, int] = {}
    counted: set[str] = set()
    for shown, dimensions in (
        (criteria, others),
        *((criteria.without(dimension), [dimension]) for dimension in asked),
    ):
        found = _count(listings.matching(shown, at=at), dimensions, at, today)
        if found is not None:
            numbers |= found
            counted |= set(dimensions)
    return Counts(numbers, counted)


def _count(
    listings: ListingQuerySet, dimensions: Collection[str], at: dt.datetime, today: dt.date
) -> dict[str, int] | None:
    matches, parameters = (
        listings.order_by().values(*COLUMNS)[: MOST_COUNTED + 1].query.sql_with_params()
    )
    ranges = {when: days_of(when, today) for when in When} if DATES in dimensions else {}
    named = {f"matches_{number}": value for number, value in enumerate(parameters)}
    statement = COUNT.format(matches=matches % tuple(f"%({name})s" for name in named))
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                **named,
                "dimensions": list(dimensions),
                "whens": [str(when) for when in ranges],
                "firsts": [first for first, _last in ranges.values()],
                "lasts": [last for _first, last in ranges.values()],
                "prices": list(PRICES) if PRICE in dimensions else [],
                "at": at,
            },
        )
        counts = dict(cursor.fetchall())
    if counts.pop(EVERYTHING) > MOST_COUNTED:
        return None
    if AVAILABLE not in dimensions:
        counts.pop("available:1", None)
    return counts


def count_choices_by(
    index: FacetIndex, matching: BitMap, criteria: Criteria, *, today: dt.date
) -> Counts:
    """The same of a large site, from bitmaps: ``matching`` is what matches but for tags, dates,
    prices and places left.
    """
    chosen = {dimension: index.chosen(criteria, dimension) for dimension in criteria.dimensions()}
    others = {
        dimension: BitMap.intersection(
            matching, *(found for other, found in chosen.items() if other != dimension)
        )
        for dimension in DIMENSIONS
    }
    counts: dict[str, int] = {}
    for dimension in others.keys() & index.by_dimension.keys():
        counts |= _most_frequent(index.by_dimension[dimension], others[dimension])
    for when in When:
        on = index.on_dates(days_of(when, today))
        counts[f"when:{when}"] = others[DATES].intersection_cardinality(on)
    for price in PRICES:
        cheap = index.lowest.at_most(price)
        counts[f"price:{price}"] = others[PRICE].intersection_cardinality(cheap)
    counts["available:1"] = others[AVAILABLE].intersection_cardinality(index.available)
    return Counts({key: count for key, count in counts.items() if count}, DIMENSIONS)


def _most_frequent(tags: Sequence[tuple[str, BitMap, int]], among: BitMap) -> dict[str, int]:
    """Of tags that get rarer, at least those that most have of the events: what is rarer altogether
    than enough others are among these is not looked at.
    """
    common, rarer = tags[:MOST_SHOWN], tags[MOST_SHOWN:]
    counts = {tag: among.intersection_cardinality(bitmap) for tag, bitmap, _size in common}
    leading = list(counts.values())
    heapify(leading)
    for tag, bitmap, size in rarer:
        if size <= leading[0]:
            break
        counts[tag] = count = among.intersection_cardinality(bitmap)
        if count > leading[0]:
            heapreplace(leading, count)
    return counts


def matches_by(index: FacetIndex, criteria: Criteria) -> BitMap:
    """What matches, where nothing is asked for but what the index knows."""
    chosen = (index.chosen(criteria, dimension) for dimension in criteria.dimensions())
    return BitMap.intersection(index.everything, *chosen)
