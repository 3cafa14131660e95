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
from typing import Any, Generic, TypeVar

from django.db import connection
from pyroaring import BitMap

from events.models import SearchIndex

# Seconds for which a web worker does not ask whether there is a newer one.
CHECKED = 15.0

Index = TypeVar("Index")
Parts = Mapping[str, Mapping[str, bytes]]  # by kind and key


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
        row = rows.first()
        self._index = self._unpack(unpack(bytes(row.content)), row.built_at) if row else None
        self._built_at = row.built_at if row else None


def version_of_listings() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM events_listing_version")
        return int(cursor.fetchone()[0])


def pack(parts: Iterable[tuple[str, str, bytes]]) -> bytes:
    rows = list(parts)
    head = json.dumps([(kind, key, len(content)) for kind, key, content in rows])
    return b"".join((head.encode(), b"\n", *(content for _kind, _key, content in rows)))


def unpack(content: bytes) -> Parts:
    head, _newline, _rest = content.partition(b"\n")
    start = len(head) + 1
    parts: dict[str, dict[str, bytes]] = defaultdict(dict)
    for kind, key, length in json.loads(head):
        parts[kind][key] = content[start : start + length]
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
