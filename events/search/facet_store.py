"""Building the bitmaps of facet_index.py, which a job does (events/tasks.py), and having them at
hand in each web worker. One row of a table holds them: a line of JSON that says what follows it.
"""

import datetime as dt
import json
import sys
import time
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from pyroaring import BitMap

from events.models import Listing, SearchIndex
from events.search.facet_index import FacetIndex, Prices
from events.search.facets import MOST_COUNTED

NAME = "facets"
# Seconds for which a web worker does not ask whether there is a newer one.
CHECKED = 15.0
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
     CROSS JOIN LATERAL (VALUES
        ('everything', true),
        ('later', end_date > %(last)s),
        ('available', available_from <= %(at)s AND available_until > %(at)s)
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
    SELECT string_agg(int4send(event_id::int), '' ORDER BY starts_at, event_id)
      FROM events_listing WHERE ends_at > %(at)s
"""
BITMAPS = {"tag": TAGS, "day": EVERY_DAY, "set": SETS, "lowest": LOWEST, "highest": HIGHEST}


@dataclass
class Kept:
    """What this process holds, and when it last asked whether there is a newer one."""

    index: FacetIndex | None = None
    checked: float = -CHECKED


_kept = Kept()


def facet_index() -> FacetIndex | None:
    """The bitmaps as they were built last; None on a site that has few listings, or none yet."""
    now = time.monotonic()
    if now - _kept.checked >= CHECKED:
        _kept.checked = now  # others go on with what there is meanwhile
        _kept.index = _newer_than(_kept.index)
    return _kept.index


def forget_facet_index() -> None:
    """Ask again at the next use."""
    _kept.checked = time.monotonic() - CHECKED


def build_facet_index() -> bool:
    """Store the bitmaps anew where the listings have changed. A site with few needs none.

    Returns whether it did.
    """
    at = timezone.now()
    forget_facet_index()
    with transaction.atomic():
        version = _version_of_listings()
        if not Listing.objects.order_by()[MOST_COUNTED : MOST_COUNTED + 1].exists():
            SearchIndex.objects.filter(name=NAME).delete()
            return False
        same = SearchIndex.objects.filter(name=NAME, version=version, built_at__gt=at - OLDEST)
        if same.exists():
            return False
        SearchIndex.objects.update_or_create(
            name=NAME,
            defaults={"version": version, "built_at": at, "content": _pack(_parts(at))},
        )
    return True


def _newer_than(index: FacetIndex | None) -> FacetIndex | None:
    rows = SearchIndex.objects.filter(name=NAME)
    built_at = rows.values_list("built_at", flat=True).first()
    if built_at is None or (index and index.built_at == built_at):
        return index if built_at else None
    row = rows.first()
    return _unpack(bytes(row.content), row.built_at) if row else None


def _version_of_listings() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM events_listing_version")
        return int(cursor.fetchone()[0])


def _parts(at: dt.datetime) -> Iterator[tuple[str, str, bytes]]:
    """What there is to store, as kind, key and bytes."""
    first = at.date() - dt.timedelta(days=1)  # where the date line is not crossed yet
    parameters = {"at": at, "first": first, "last": first + dt.timedelta(days=DAYS)}
    with connection.cursor() as cursor:
        for kind, statement in BITMAPS.items():
            cursor.execute(statement, parameters)
            for key, ids in cursor.fetchall():
                yield kind, str(key), BitMap(_numbers(ids)).serialize()
        cursor.execute(IN_ORDER, parameters)
        yield "order", "soonest", _numbers(cursor.fetchone()[0] or b"").tobytes()


def _numbers(content: bytes) -> "array[int]":
    """From the byte order of PostgreSQL to that of this machine."""
    numbers = array("I", content)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _pack(parts: Iterable[tuple[str, str, bytes]]) -> bytes:
    rows = list(parts)
    head = json.dumps([(kind, key, len(content)) for kind, key, content in rows])
    return b"".join((head.encode(), b"\n", *(content for _kind, _key, content in rows)))


def _unpack(content: bytes, built_at: dt.datetime) -> FacetIndex:
    head, _newline, _rest = content.partition(b"\n")
    start = len(head) + 1
    parts: dict[str, dict[str, bytes]] = {}
    for kind, key, length in json.loads(head):
        parts.setdefault(kind, {})[key] = content[start : start + length]
        start += length
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
        in_order=array("I", parts["order"]["soonest"]),
    )
