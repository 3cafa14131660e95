"""The last good answer of each public page, for when the database cannot give a newer one."""

import threading
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any, TypeVar

from django.core.cache.backends.base import BaseCache

# Seconds for which a process takes no newer copy of a page.
INTERVAL = 60.0

View = TypeVar("View", bound=Callable[..., Any])


def keeps_last_copy(*, ignores_query: bool = False) -> Callable[[View], View]:
    """Let copies of a view's pages be shown while the database does not answer.

    Only for what anybody may see. A copy is of the page without a query; it is shown for any query
    where the view ignores that, in its templates too.
    """

    def mark(view: View) -> View:
        vars(view)["last_copy_ignores_query"] = ignores_query
        return view

    return mark


def has_last_copy(view: Callable[..., Any], *, with_query: bool) -> bool:
    """Whether a view's pages are kept, and answer an address that has a query, if it has."""
    ignores_query: bool | None = getattr(view, "last_copy_ignores_query", None)
    return ignores_query is not None and (ignores_query or not with_query)


@dataclass(frozen=True, slots=True)
class Copy:
    """One of no content type says that the page is gone."""

    made_at: float  # seconds since 1970, which all processes share
    content_type: str
    compressed: bytes

    @property
    def age(self) -> float:
        """Seconds; never negative, even where the clocks of two machines differ."""
        return max(0.0, time.time() - self.made_at)

    @property
    def content(self) -> bytes:
        return zlib.decompress(self.compressed)


class LastCopies:
    """By address, for ``max_age`` seconds: those kept last in memory, up to ``most_bytes``, and all
    of them in the shared cache, if there is one, from where any process has them.
    """

    def __init__(self, *, most_bytes: int, max_age: float, shared: BaseCache | None) -> None:
        self._shared = shared
        self._most_bytes = most_bytes
        self._max_age = max_age
        self._bytes = 0
        self._copies: OrderedDict[str, Copy] = OrderedDict()
        self._lock = threading.Lock()

    def is_due(self, address: str) -> bool:
        """Whether this process has no copy that is as good as new."""
        copy = self._copies.get(address)
        return copy is None or copy.age >= min(INTERVAL, self._max_age)

    def keep(self, address: str, content: bytes, content_type: str) -> None:
        copy = Copy(time.time(), content_type, zlib.compress(content, level=1))
        self._remember(address, copy)
        if self._shared:
            self._shared.set(f"last-copy:{address}", astuple(copy), timeout=self._max_age)

    def drop(self, address: str) -> None:
        """Show none any longer: the page is gone. Other processes hear of it within INTERVAL."""
        copy = self._newest(self._copies.get(address), address)
        if copy and copy.content_type:
            self.keep(address, b"", "")

    def get(self, address: str) -> Copy | None:
        copy = self._copies.get(address)
        if copy is None or copy.age > INTERVAL:
            copy = self._newest(copy, address)
        return copy if copy and copy.content_type and copy.age <= self._max_age else None

    def _newest(self, known: Copy | None, address: str) -> Copy | None:
        """That of another process, if it is newer than what this one knows."""
        kept = self._shared.get(f"last-copy:{address}") if self._shared else None
        if kept is None or (known and known.made_at >= kept[0]):
            return known
        copy = Copy(*kept)
        self._remember(address, copy)
        return copy

    def _remember(self, address: str, copy: Copy) -> None:
        with self._lock:
            self._forget(address)
            self._copies[address] = copy
            self._bytes += len(copy.compressed)
            while self._bytes > self._most_bytes:
                self._forget(next(iter(self._copies)))

    def _forget(self, address: str) -> None:
        if copy := self._copies.pop(address, None):
            self._bytes -= len(copy.compressed)
