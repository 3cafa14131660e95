"""A page for everyone, and what each visitor gets of it."""

import hashlib
import re
import sys
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any

import brotli
from django.utils.text import compress_string as gzip_compress
from django_http_compression.middleware import BROTLI_QUALITY, zstd_compress

from eventmate.pages.recording import TOKEN, Recording, Spot
from eventmate.pages.splicing import compressed, gzip_of

# Members who keep some of the events that a page shows have a variant of it, of which so many are
# kept, beside those of visitors and of members who keep none of them.
MOST_VARIANTS = 8

# Seconds.
STANDS_IN = 5.0

# Bytes that a page takes beside its texts, more or less: for itself, and for each tag here and in
# the store.
SIZE_OF_REST = 3000
SIZE_OF_TAG = 200

Values = Mapping[str, bytes]
Fact = tuple[str, int]

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "identity": lambda content: content,
    "zstd": zstd_compress,
    "br": lambda content: brotli.compress(content, quality=BROTLI_QUALITY),
    "gzip": lambda content: gzip_compress(content, max_random_bytes=0),
}


@lru_cache(maxsize=1000)
def same_spot(spot: Spot) -> Spot:
    """The first one of those that are equal, such as the heart of an event on several pages."""
    return spot


class Variant:
    """A page in the words for one kind of visitor: ``pieces`` with slots between them. It tells
    facts where it is not that of any member.

    The pieces are some five times what is sent of them. They go when a body has been made, and come
    to stay when one is made of them for a visitor who has something in a slot.
    """

    def __init__(self, compose: Callable[[], list[bytes]], *, tells_facts: bool) -> None:
        self._compose = compose
        parts = compose()
        self._pieces: list[bytes] | None = parts[::2]
        self.slots = [sys.intern(name.decode()) for name in parts[1::2]]
        self.tells_facts = tells_facts
        self._ready: dict[str | int, bytes] = {}
        self.has_changed_size = True

    @property
    def pieces(self) -> list[bytes]:
        return self._pieces or self._compose()[::2]

    @property
    def has_token(self) -> bool:
        return TOKEN in self.slots

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(map(len, self._pieces or ())) + sum(map(len, tuple(self._ready.values())))

    @cached_property
    def etag(self) -> str:
        return hashlib.sha256(b"".join(self.pieces)).hexdigest()[:24]

    def is_same_for_all(self, values: Values) -> bool:
        return not any(map(values.get, self.slots))

    def content(self, values: Values) -> bytes:
        texts = [*(values.get(slot, b"") for slot in self.slots), b""]
        return b"".join(part for pair in zip(self.pieces, texts, strict=True) for part in pair)

    def common_body(self, coding: str) -> bytes:
        """With nothing in its slots."""
        body = self._ready.get(coding)
        if body is None:
            body = self._ready[coding] = COMPRESS[coding](self.content({}))
            self._pieces = None
            self.has_changed_size = True
        return body

    def spliced_body(self, values: Values) -> bytes:
        """By gzip, with what is in its slots for one visitor."""
        if self._pieces is None:
            self._pieces = self.pieces
            self.has_changed_size = True
        pieces = self._pieces
        ready = [self._compressed(index, piece) for index, piece in enumerate(pieces)]
        return gzip_of(pieces, ready, [values.get(slot, b"") for slot in self.slots])

    def _compressed(self, index: int, piece: bytes) -> bytes:
        body = self._ready.get(index)
        if body is None:
            body = self._ready[index] = compressed(piece)
            self.has_changed_size = True
        return body


@dataclass
class Page:
    """``packed`` is the page with marks for spots and slots, compressed. ``snapshot`` is of before
    it was made; ``made_at`` and ``until`` are seconds since 1970, ``outdated_since`` those of this
    machine's clock. ``caching`` is its Cache-Control where the view says that itself, and nothing
    on the page is of a visitor. ``headers``
    are those that the middleware gives it, by the scheme of the request.
    """

    address: str
    ignores_query: bool
    content_type: str
    route: str
    packed: bytes
    nonce: str
    spots: tuple[Spot, ...]
    tags: frozenset[str]
    visit: tuple[Any, ...] | None
    snapshot: str
    made_at: float
    until: float
    scope: str = ""
    caching: str = ""
    headers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    outdated_since: float | None = None
    _variants: OrderedDict[frozenset[Fact] | None, Variant] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        # Pages have many of them in common. A copy of a set takes the least room.
        tags = set(map(sys.intern, self.tags))
        self.tags = frozenset(tags)
        self.spots = tuple(map(same_spot, self.spots))

    @property
    def is_fresh(self) -> bool:
        return self.outdated_since is None and time.time() < self.until

    @property
    def can_stand_in(self) -> bool:
        """Whether it is good enough for those who come while it is made anew."""
        return time.time() < self.until + STANDS_IN and (
            self.outdated_since is None or time.monotonic() < self.outdated_since + STANDS_IN
        )

    @property
    def size(self) -> int:
        """Bytes, more or less."""
        variants = sum(variant.size for variant in tuple(self._variants.values()))
        return SIZE_OF_REST + SIZE_OF_TAG * len(self.tags) + len(self.packed) + variants

    @cached_property
    def facts(self) -> frozenset[Fact]:
        """Those of a member that make a difference."""
        return frozenset((spot.fact, spot.number) for spot in self.spots if spot.fact)

    @cached_property
    def fact_names(self) -> frozenset[str]:
        return frozenset(name for name, _number in self.facts)

    def for_visitor(self) -> Variant:
        return self._variant(None)

    def for_member(self, known: Mapping[str, Collection[int]]) -> Variant:
        """``known`` are the numbers for which each fact holds."""
        return self._variant(
            frozenset(fact for fact in self.facts if fact[1] in known.get(fact[0], ()))
        )

    def _variant(self, holds: frozenset[Fact] | None) -> Variant:
        variant = self._variants.get(holds)
        if variant is None:
            # Nothing of it leads back to the page: one that goes is gone at once.
            compose = partial(composed, self.packed, self.nonce, self.spots, holds)
            variant = Variant(compose, tells_facts=bool(holds))
            if not holds or len(self._variants) < MOST_VARIANTS:
                self._variants[holds] = variant
        return variant


def composed(
    packed: bytes, nonce: str, spots: Sequence[Spot], holds: frozenset[Fact] | None
) -> list[bytes]:
    """The pieces of a variant, with the names of slots between them."""

    def words(mark: re.Match[bytes]) -> bytes:
        spot = spots[int(mark[1])]
        if holds is None:
            return spot.visitor.encode()
        return (spot.holds if (spot.fact, spot.number) in holds else spot.member).encode()

    of_nonce = b"\x02" + nonce.encode()
    text = re.sub(of_nonce + rb":(\d+)\x03", words, zlib.decompress(packed))
    return re.split(of_nonce + rb":([a-z]+)\x03", text)


def page_of(
    record: Recording,
    content: bytes,
    *,
    until: float,
    made_at: float,
    caching: str = "",
    **about: Any,
) -> Page:
    """What was rendered while it was recorded, until then at the latest."""
    moments = [moment.timestamp() for moment in record.moments]
    return Page(
        packed=zlib.compress(content, 1),
        nonce=record.nonce,
        spots=tuple(record.spots),
        tags=frozenset(record.tags),
        visit=record.visit,
        made_at=made_at,
        caching="" if record.nonce.encode() in content else caching,
        until=min([until, *(moment for moment in moments if moment > made_at)]),
        **about,
    )
