"""The names that people may type or choose from: cities, categories, hosts, countries, languages.

``names()`` (kept_names.py) is how to have them. Of their sequences the first has the most listings.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from events.distance import Position
from events.search.countries import codes_by_key
from events.search.name_rows import NameRows
from events.search.prefixes import Beginnings
from events.search.words import fold

# Cities whose names are kept folded: more than a site has.
MOST_FOLDED = 50_000

Key = TypeVar("Key")
Value = TypeVar("Value")

# The other way to write some letters, as the SQL function events_respell does.
RESPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True, slots=True)
class Named:
    """A row of the database. ``upcoming`` is how many listings have it."""

    pk: int
    slug: str
    name: str
    upcoming: int

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class CityName(Named):
    """``keys`` are its name and those in other languages and spellings, folded."""

    region: str
    country: str
    country_code: str
    latitude: float | None
    longitude: float | None
    keys: tuple[str, ...]

    @property
    def position(self) -> Position | None:
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.name, self.region, self.country)))


@dataclass(frozen=True, slots=True)
class CategoryName(Named):
    key: str


@dataclass(frozen=True, slots=True)
class HostName(Named):
    key: str


@dataclass(frozen=True, slots=True)
class CountryName:
    """``code`` is that of the tags, such as DE."""

    code: str
    name: str
    upcoming: int

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class LanguageName:
    """``value`` is that of the tags, in small letters."""

    value: str
    upcoming: int

    def __str__(self) -> str:
        return self.value.title()


class Names:
    """Read only, and shared by all requests of a process."""

    def __init__(self, rows: NameRows) -> None:
        self.made_at = rows.made_at
        self.cities = tuple(
            CityName(*(*row, keys_of_city(row[2], aliases))) for *row, aliases in rows.cities
        )
        self.categories = tuple(CategoryName(*(*row, fold(row[2]))) for row in rows.categories)
        self.hosts = tuple(HostName(*(*row, fold(row[2]))) for row in rows.hosts)
        self.languages = tuple(LanguageName(*row) for row in rows.languages)
        self.countries = tuple(self._add_up_countries())
        # Here and not when first asked for, as kept_names.py does this in a thread.
        self.city_beginnings = Beginnings.of((key, row) for row in self.cities for key in row.keys)
        self.category_beginnings = Beginnings.of((row.key, row) for row in self.categories)
        self.host_beginnings = Beginnings.of((row.key, row) for row in self.hosts)

    def city(self, slug: str) -> CityName | None:
        return self._city_by_slug.get(slug)

    def category(self, slug: str) -> CategoryName | None:
        return self._category_by_slug.get(slug)

    def host(self, slug: str) -> HostName | None:
        return self._host_by_slug.get(slug)

    def cities_named(self, key: str) -> tuple[CityName, ...]:
        """Those that are called so, by a folded name or alias."""
        return self._cities_by_key.get(key, ())

    def cities_in_region(self, key: str) -> tuple[CityName, ...]:
        """Those in a state or province, by its folded name."""
        return self._cities_by_region.get(key, ())

    def country_named(self, key: str) -> CountryName | None:
        """By a folded name in one of several languages."""
        code = codes_by_key().get(key) or self._country_codes_by_key.get(key)
        return self.country_by_code.get(code) if code else None

    def language_named(self, key: str) -> LanguageName | None:
        """By its folded name, as the events have it."""
        return self._language_by_key.get(key)

    @cached_property
    def city_by_id(self) -> Mapping[int, CityName]:
        return {city.pk: city for city in self.cities}

    @cached_property
    def category_by_id(self) -> Mapping[int, CategoryName]:
        return {category.pk: category for category in self.categories}

    @cached_property
    def host_by_id(self) -> Mapping[int, HostName]:
        return {host.pk: host for host in self.hosts}

    @cached_property
    def country_by_code(self) -> Mapping[str, CountryName]:
        return {country.code: country for country in self.countries}

    @cached_property
    def city_keys(self) -> tuple[str, ...]:
        """All names of all cities, folded."""
        return tuple(self._cities_by_key)

    @cached_property
    def longest_place(self) -> int:
        """The most words that a city's name has."""
        return max((key.count(" ") + 1 for key in self._cities_by_key), default=0)

    @cached_property
    def _city_by_slug(self) -> dict[str, CityName]:
        return {city.slug: city for city in self.cities}

    @cached_property
    def _category_by_slug(self) -> dict[str, CategoryName]:
        return {category.slug: category for category in self.categories}

    @cached_property
    def _host_by_slug(self) -> dict[str, HostName]:
        return {host.slug: host for host in self.hosts}

    @cached_property
    def _cities_by_key(self) -> dict[str, tuple[CityName, ...]]:
        return grouped((key, city) for city in self.cities for key in city.keys)

    @cached_property
    def _cities_by_region(self) -> dict[str, tuple[CityName, ...]]:
        return grouped((fold(city.region), city) for city in self.cities if city.region)

    @cached_property
    def _country_codes_by_key(self) -> dict[str, str]:
        return {fold(country.name): country.code for country in self.countries}

    @cached_property
    def _language_by_key(self) -> dict[str, LanguageName]:
        return {fold(language.value): language for language in self.languages}

    def _add_up_countries(self) -> Iterable[CountryName]:
        upcoming: dict[str, int] = defaultdict(int)
        name_of: dict[str, str] = {}
        for city in self.cities:
            upcoming[city.country_code] += city.upcoming
            name_of.setdefault(city.country_code, city.country)
        for code in sorted(upcoming, key=lambda code: -upcoming[code]):
            yield CountryName(code, name_of[code], upcoming[code])


@lru_cache(maxsize=MOST_FOLDED)
def keys_of_city(name: str, aliases: str) -> tuple[str, ...]:
    spellings = (name, *aliases.split(","))
    respelled = (spelling.lower().translate(RESPELLED) for spelling in spellings)
    return tuple(dict.fromkeys(filter(None, map(fold, (*spellings, *respelled)))))


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, tuple[Value, ...]]:
    groups: dict[Key, list[Value]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
