"""The names, without asking the database each time.

``names()`` is answered from this process's memory. A web worker hears of names that are new or
changed (page_change.py); how many listings each has is about a minute behind, or behind the bitmaps
of a large site (facet_store.py). The ``find_`` and ``_by_id`` functions ask the database for what
is not in there: what has no listings, is none of the largest hosts, or not in the bitmaps yet.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from django.core.cache import cache

from eventmate.pages.recording import shows
from eventmate.threads import run_in_thread
from events.models import Category, City, Host
from events.search.name_rows import NameRows, load_rows
from events.search.names import CategoryName, CityName, HostName, Named, Names, keys_of_city
from events.search.words import fold

# What page_change.py calls them.
NAMES = "names"
KEY = "names:rows"
BUILDING = "names:building"
SECONDS = 60.0
# After which another process builds them, should the one that began be gone.
MOST_SECONDS_TO_BUILD = 20
PAUSE = 1.0

# What ``upcoming`` is of a name that is not kept, whatever it has.
UNCOUNTED = 0
PLACE_COLUMNS = ("region", "country", "country_code", "latitude", "longitude", "aliases")

Name = TypeVar("Name", bound=Named)


class KeptNames:
    """In the memory of this process, made anew by one request at a time, and in the shared cache,
    so that of all processes only one reads the listings.
    """

    def __init__(self) -> None:
        self._names: Names | None = None
        self._lock = threading.Lock()
        self._next_look = 0.0
        # Seconds since 1970. What was read before is not as it was.
        self._outdated_at = 0.0

    def get(self) -> Names:
        shows(NAMES)
        names = self._known
        if names is None:
            with self._lock:
                return self._known or self._renewed(None)
        if self._is_due(names) and self._lock.acquire(blocking=False):
            try:
                return self._renewed(names)
            finally:
                self._lock.release()
        return names

    def outdate(self) -> None:
        """Some have changed: whoever asks from now on gets what is true by now."""
        self._outdated_at = time.time()

    def forget(self) -> None:
        self._names = None
        self._next_look = 0.0
        cache.delete_many([KEY, BUILDING])

    @property
    def _known(self) -> Names | None:
        names = self._names
        return names if names is not None and names.made_at > self._outdated_at else None

    def _is_due(self, names: Names) -> bool:
        return is_old(names.made_at) and time.monotonic() >= self._next_look

    def _renewed(self, names: Names | None) -> Names:
        rows: NameRows | None = cache.get(KEY)
        if rows is None or is_old(rows.made_at) or rows.made_at <= self._outdated_at:
            is_first = cache.add(BUILDING, 1, MOST_SECONDS_TO_BUILD)
            if names is not None and not is_first:
                self._next_look = time.monotonic() + PAUSE
                return names
            rows = build()
        self._names = run_in_thread(Names, rows)
        return self._names


def build() -> NameRows:
    try:
        rows = load_rows()
        cache.set(KEY, rows, 2 * SECONDS)
    finally:
        cache.delete(BUILDING)
    return rows


def is_old(made_at: float) -> bool:
    return not 0 <= time.time() - made_at < SECONDS


KEPT = KeptNames()
names = KEPT.get
outdate_names = KEPT.outdate
forget_names = KEPT.forget


def find_city(slug: str) -> CityName | None:
    return names().city(slug) or next(_load_cities(slug=slug), None)


def find_category(slug: str) -> CategoryName | None:
    return names().category(slug) or next(_load_categories(slug=slug), None)


def find_host(slug: str) -> HostName | None:
    return names().host(slug) or next(_load_hosts(slug=slug), None)


def cities_by_id(pks: Iterable[int]) -> dict[int, CityName]:
    return _by_id(pks, names().city_by_id, _load_cities)


def categories_by_id(pks: Iterable[int]) -> dict[int, CategoryName]:
    return _by_id(pks, names().category_by_id, _load_categories)


def hosts_by_id(pks: Iterable[int]) -> dict[int, HostName]:
    return _by_id(pks, names().host_by_id, _load_hosts)


def _by_id(
    pks: Iterable[int], known: Mapping[int, Name], load: Callable[..., Iterator[Name]]
) -> dict[int, Name]:
    """Those that there are."""
    wanted = list(pks)
    found = {pk: known[pk] for pk in wanted if pk in known}
    if others := set(wanted) - found.keys():
        found |= {name.pk: name for name in load(pk__in=others)}
    return found


def _load_cities(**lookup: Any) -> Iterator[CityName]:
    columns = ("pk", "slug", "name", *PLACE_COLUMNS)
    for pk, slug, name, *place, aliases in City.objects.filter(**lookup).values_list(*columns):
        yield CityName(*(pk, slug, name, UNCOUNTED, *place, keys_of_city(name, aliases)))


def _load_categories(**lookup: Any) -> Iterator[CategoryName]:
    rows = Category.objects.filter(**lookup).values_list("pk", "slug", "name")
    return (CategoryName(*row, UNCOUNTED, fold(row[2])) for row in rows)


def _load_hosts(**lookup: Any) -> Iterator[HostName]:
    rows = Host.objects.filter(**lookup).values_list("pk", "slug", "name")
    return (HostName(*row, UNCOUNTED, fold(row[2])) for row in rows)
