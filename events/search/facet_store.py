"""Building the bitmaps of facet_index.py, which a job does (events/tasks.py), and having them at
hand in each web worker.
"""

import datetime as dt
from array import array
from collections.abc import Iterator
from decimal import Decimal

from django.db import connection, transaction
from pyroaring import BitMap

from events.models import Listing
from events.search.criteria import Sort
from events.search.facet_index import FacetIndex, Prices
from events.search.facets import MOST_COUNTED
from events.search.horizon import listing_horizon
from events.search.stored_index import Parts, StoredIndex, bitmap, numbers, version_of_listings

# Days ahead on which what is on is known.
DAYS = 400
# What depends on the time alone, such as the start of a sale, is this late at most.
OLDEST = dt.timedelta(minutes=10)

TAGS = """
    SELECT tag, string_agg(int4send(event_id::int), '')
      FROM events_listing CROSS JOIN unnest(tags) AS tag
     WHERE ends_at > %(at)s GROUP BY tag
"""
EVERY_DAY = """
    SELECT day::date, string_agg(int4send(event_id::int), '') FROM events_listing
     CROSS JOIN generate_series(
        greatest(start_date, %(first)s), least(end_date, %(last)s), interval '1 day'
     ) AS day
     WHERE ends_at > %(at)s GROUP BY day
"""
SETS = """
    SELECT key, string_agg(int4send(event_id::int), '') FROM events_listing
     CROSS JOIN (SELECT statement_timestamp() AS now) AS clock
     CROSS JOIN LATERAL (VALUES
        ('everything', true),
        ('later', end_date > %(last)s),
        ('available', available_from <= clock.now AND available_until > clock.now)
     ) AS sets (key, has)
     WHERE ends_at > %(at)s AND has GROUP BY key
"""
LOWEST = """
    SELECT lowest_price, string_agg(int4send(event_id::int), '') FROM events_listing
     WHERE ends_at > %(at)s AND lowest_price IS NOT NULL
     GROUP BY lowest_price ORDER BY lowest_price
"""
HIGHEST = """
    SELECT highest_price, string_agg(int4send(event_id::int), '') FROM events_listing
     WHERE ends_at > %(at)s AND highest_price IS NOT NULL
     GROUP BY highest_price ORDER BY highest_price
"""
IN_ORDER = """
    SELECT string_agg(int4send(event_id::int), '' ORDER BY {columns})
      FROM events_listing WHERE ends_at > %(at)s
"""
ORDERS = {
    Sort.SOON: "starts_at, event_id",
    Sort.POPULAR: "popularity DESC, starts_at, event_id",
    Sort.PRICE: "lowest_price, starts_at, event_id",
    Sort.DEAREST: "lowest_price DESC NULLS LAST, starts_at, event_id",
    Sort.NEWEST: "listed_at DESC, event_id DESC",
}
BITMAPS = {"tag": TAGS, "day": EVERY_DAY, "set": SETS, "lowest": LOWEST, "highest": HIGHEST}


def build_facet_index() -> bool:
    """Store the bitmaps anew where the listings have changed. A site with few needs none.

    Returns whether it did.
    """
    forget_facet_index()
    with transaction.atomic():
        version, at = version_of_listings(), listing_horizon()
        if not Listing.objects.order_by()[MOST_COUNTED : MOST_COUNTED + 1].exists():
            _stored.remove()
            return False
        if _stored.is_built(built_at__gt=at - OLDEST, version=version):
            return False
        _stored.store(version, at, _parts(at))
    return True


def _parts(at: dt.datetime) -> Iterator[tuple[str, str, bytes]]:
    """What there is to store, as kind, key and bytes."""
    first = at.date() - dt.timedelta(days=1)  # where the date line is not crossed yet
    parameters = {"at": at, "first": first, "last": first + dt.timedelta(days=DAYS)}
    with connection.cursor() as cursor:
        for kind, statement in BITMAPS.items():
            cursor.execute(statement, parameters)
            for key, ids in cursor.fetchall():
                yield kind, str(key), bitmap(ids).serialize()
        for sort, columns in ORDERS.items():
            cursor.execute(IN_ORDER.format(columns=columns), parameters)
            yield "order", sort.value, numbers(cursor.fetchone()[0] or b"").tobytes()


def _unpack(parts: Parts, built_at: dt.datetime) -> FacetIndex:
    bitmaps = {
        kind: {key: BitMap.deserialize(part) for key, part in parts.get(kind, {}).items()}
        for kind in BITMAPS
    }
    sets = bitmaps["set"]
    return FacetIndex(
        built_at=built_at,
        everything=sets.get("everything", BitMap()),
        tags=bitmaps["tag"],
        days={dt.date.fromisoformat(day): ids for day, ids in bitmaps["day"].items()},
        later=sets.get("later", BitMap()),
        available=sets.get("available", BitMap()),
        lowest=Prices({Decimal(price): ids for price, ids in bitmaps["lowest"].items()}),
        highest=Prices({Decimal(price): ids for price, ids in bitmaps["highest"].items()}),
        orders={Sort(key): array("I", ids) for key, ids in parts["order"].items()},
    )


# None on a site that has few listings, or none yet.
# Under another name whenever it is another content: workers of both versions may be at work.
_stored = StoredIndex("facets-2", _unpack)
facet_index = _stored.get
forget_facet_index = _stored.forget
