"""From what a row says of its place to a city with a country and a time zone."""

import functools
import re
from dataclasses import dataclass

from events.distance import Position
from events.importing.exceptions import RowRefused
from events.importing.places.countries import (
    Region,
    country_code_of,
    country_names,
    region_of,
)
from events.importing.places.gazetteer import KnownCity, gazetteer
from events.importing.places.names import fold_place

CITY_LIMIT = 100
NEIGHBOUR = {"US": "CA", "CA": "US"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A city as the database will keep it. ``keys`` are all the names that it is known by."""

    name: str
    region: str
    country_code: str
    timezone: str
    position: Position | None
    keys: frozenset[str]

    @property
    def country(self) -> str:
        return country_names()[self.country_code]


@functools.cache
def place_of(city: KnownCity) -> Place:
    return Place(
        name=city.name,
        region=gazetteer().region_name(city),
        country_code=city.country_code,
        timezone=city.timezone,
        position=city.position,
        keys=city.all_keys(),
    )


def locate(
    city: str,
    region: str,
    country: str,
    *,
    zone: str = "",
    near: Position | None = None,
    remarks: list[str],
) -> Place:
    """The place of a city, where "Dallas, TX" is a city with its region. A city that GeoNames does
    not know is taken as it is, in the zone given or else in that of the largest city around, with
    a remark. Raises RowRefused where the country is unknown, or missing with an unknown city.
    """
    name, _, rest = re.sub(r"\s*\([^)]*\)", "", city).partition(",")
    name, region = name.strip(), (region or rest).strip()
    if not country:
        return _locate_anywhere(name, region, near)
    country_code = country_code_of(country)
    if country_code is None:
        raise RowRefused(f"The country “{country}” is unknown.")
    known_region = region_of(region, country_code)
    if region and known_region is None and country_code in NEIGHBOUR:
        across = region_of(region, NEIGHBOUR[country_code])
        if across is not None:
            known_region, country_code = across, across.country_code
            remarks.append(f"{region} is in {country_names()[country_code]}, not in {country}.")
    known_city = gazetteer().find(name, country_code, known_region, near)
    if known_city is not None:
        return place_of(known_city)
    return unknown_place(name, known_region, country_code, zone=zone, near=near, remarks=remarks)


def _locate_anywhere(name: str, region: str, near: Position | None) -> Place:
    known_region = region_of(region, "US") if region else None
    known_city = (
        gazetteer().find(name, "US", known_region, near)
        if known_region
        else gazetteer().find_anywhere(name)
    )
    if known_city is None:
        raise RowRefused(f"The city “{name}” is unknown; give its country.")
    return place_of(known_city)


def unknown_place(
    name: str,
    region: Region | None,
    country_code: str,
    *,
    zone: str,
    near: Position | None,
    remarks: list[str],
) -> Place:
    if not fold_place(name) or len(name) > CITY_LIMIT:
        raise RowRefused(f"The city has no name, or one longer than {CITY_LIMIT} characters.")
    around = gazetteer().largest(country_code, region)
    if not zone and around is None:
        raise RowRefused(f"The city “{name}” is unknown; give its time zone.")
    remark = f"The city “{name}” is not in the gazetteer"
    if not zone and around is not None:
        zone = around.timezone
        remark += f"; its time zone is taken to be that of {around.name}"
    remarks.append(f"{remark}.")
    return Place(
        name=name,
        region=region.name if region else "",
        country_code=country_code,
        timezone=zone,
        position=near,
        keys=frozenset({fold_place(name)}),
    )
