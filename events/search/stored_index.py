"""What jobs make of all listings for each web worker to hold in memory: a row of a table, in which
a line of JSON says what follows it.
"""

import datetime as dt
import json
import sys
import time
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection
from pyroaring import BitMap

from events.models import SearchIndex

# Seconds for which a web worker does not ask whether there is a newer one.
CHECKED = 15.0

# Bytes of a content that PostgreSQL sends in one row, and rows that are there at once. A connection
# keeps as much memory as its longest row ever took.
SLICE, SLICES = 2**14, 16
CONTENT = """
    SELECT built_at, substring(content FROM start FOR %(slice)s)
      FROM events_searchindex
     CROSS JOIN generate_series(1, octet_length(content), %(slice)s) AS start
     WHERE name = %(name)s ORDER BY start
"""

Index = TypeVar("Index")
Parts = Mapping[str, Mapping[str, bytes]]  # by kind and key


@dataclass(frozen=True, slots=True)
class Stored:
    content: bytearray
    built_at: dt.datetime


class StoredIndex(Generic[Index]):
    """One of them, under a name. ``unpack`` makes it of its parts and of when it was built."""

    def __init__(self, name: str, unpack: Callable[[Parts, dt.datetime], Index]) -> None:
        self.name = name
        self._unpack = unpack
        self._index: Index | None = None
        self._built_at: dt.datetime | None = None
        self._checked = -CHECKED

    def get(self) -> Index | None:
        """As it was stored last; None where there is none."""
        now = time.monotonic()
        if now - self._checked >= CHECKED:
            self._checked = now  # others go on with what there is meanwhile
            self._load_newer()
        return self._index

    def forget(self) -> None:
        """Ask again at the next use."""
        self._index = self._built_at = None
        self._checked = time.monotonic() - CHECKED

    def store(
        self, version: int, built_at: dt.datetime, parts: Iterable[tuple[str, str, bytes]]
    ) -> None:
        """``version`` is that of the listings, before the parts were made."""
        content = {"version": version, "built_at": built_at, "content": pack(parts)}
        SearchIndex.objects.update_or_create(name=self.name, defaults=content)

    def remove(self) -> None:
        SearchIndex.objects.filter(name=self.name).delete()

    def is_built(self, **lookup: Any) -> bool:
        """Whether one is stored, built or of a version as the lookup says."""
        return SearchIndex.objects.filter(name=self.name, **lookup).exists()

    def _load_newer(self) -> None:
        rows = SearchIndex.objects.filter(name=self.name)
        built_at = rows.values_list("built_at", flat=True).first()
        if built_at == self._built_at:
            return
        stored = read_stored(self.name)
        self._index = self._unpack(unpack(stored.content), stored.built_at) if stored else None
        self._built_at = stored.built_at if stored else None


def read_stored(name: str) -> Stored | None:
    """What is stored under a name, if anything is."""
    content = bytearray()
    built_at = None
    with connection.chunked_cursor() as cursor:
        cursor.execute(CONTENT, {"name": name, "slice": SLICE})
        while rows := cursor.fetchmany(SLICES):
            built_at = rows[0][0]
            for _built_at, part in rows:
                content += part
    return Stored(content, built_at) if built_at else None


def version_of_listings() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM events_listing_version")
        return int(cursor.fetchone()[0])


def pack(parts: Iterable[tuple[str, str, bytes]]) -> bytes:
    rows = list(parts)
    head = json.dumps([(kind, key, len(content)) for kind, key, content in rows])
    return b"".join((head.encode(), b"\n", *(content for _kind, _key, content in rows)))


def unpack(content: bytes | bytearray) -> Parts:
    start = content.index(b"\n") + 1
    rest = memoryview(content)
    parts: dict[str, dict[str, bytes]] = defaultdict(dict)
    for kind, key, length in json.loads(content[:start]):
        parts[kind][key] = bytes(rest[start : start + length])
        start += length
    return parts


def numbers(content: bytes) -> "array[int]":
    """What int4send wrote, in the byte order of this machine."""
    found = array("I", content)
    if sys.byteorder == "little":
        found.byteswap()
    return found


def bitmap(content: bytes) -> BitMap:
    """Of what int4send wrote."""
    return BitMap(numbers(content))
