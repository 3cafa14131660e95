"""What people write into the box "Where"."""

import re
from collections.abc import Iterable, Iterator

from events.importing.places.countries import region_of
from events.search.criteria import Attendance
from events.search.kept_names import names
from events.search.names import CityName, Names
from events.search.words import fold

Tags = frozenset[tuple[str, str]]

PARTS = re.compile(r"[,;/()]+")
NOWHERE = frozenset({"online", "virtual", "en ligne", "en linea"})
ONLINE: Tags = frozenset({("attend", Attendance.ONLINE.value)})


def place_tags(text: str) -> Tags | None:
    """The cities or the country that a text names, such as "Berlin", "berlin, germany",
    "Springfield" (each of them), "Deutschland", "Illinois" or "online", as tags of the listings.
    None where listings have nothing of that name; then it may be in an address.
    """
    return tags_of_place(text, names())


def tags_of_place(text: str, known: Names) -> Tags | None:
    parts = [part for part in map(fold, PARTS.split(text)) if part]
    if not parts:
        return None
    if len(parts) == 1 and (tags := _of_one_name(parts[0], known)):
        return tags
    for name, *qualifiers in _splits(parts):
        # "Paris, Texas" is not the Paris that lies in France.
        if cities := [
            city
            for city in known.cities_named(name)
            if all(_lies_in(city, qualifier, known) for qualifier in qualifiers)
        ]:
            return _tags_of(cities)
    return None


def _of_one_name(name: str, known: Names) -> Tags | None:
    if name in NOWHERE:
        return ONLINE
    cities = {*known.cities_named(name), *known.cities_in_region(name)}
    country = known.country_named(name) or known.country_named(name.removeprefix("the "))
    if country is None:
        return _tags_of(cities) if cities else None
    if all(city.country_code == country.code for city in cities):
        return frozenset({("country", country.code)})
    cities.update(city for city in known.cities if city.country_code == country.code)
    return _tags_of(cities)


def _splits(parts: list[str]) -> Iterator[list[str]]:
    """The first word or words as the name of a city, the longest first; what follows says where
    that is.
    """
    if len(parts) > 1:
        yield parts
        return
    words = parts[0].split()
    for end in range(len(words) - 1, 0, -1):
        yield [" ".join(words[:end]), " ".join(words[end:])]


def _lies_in(city: CityName, qualifier: str, known: Names) -> bool:
    country = known.country_by_code.get(qualifier.upper()) or known.country_named(qualifier)
    if country and country.code == city.country_code:
        return True
    if qualifier == fold(city.region):
        return bool(qualifier)
    region = region_of(qualifier, city.country_code)
    return region is not None and city.region in ("", region.name)


def _tags_of(cities: Iterable[CityName]) -> Tags:
    return frozenset(("city", str(city.pk)) for city in cities)
