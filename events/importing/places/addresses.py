"""Free text such as "Microsoft NERD, Cambridge, MA, USA": which part of it is the city."""

import re
from dataclasses import dataclass

from events.distance import Position
from events.importing.places.countries import Region, country_code_of, region_of
from events.importing.places.gazetteer import KnownCity, gazetteer
from events.importing.places.locating import Place, place_of, unknown_place

ONLINE = re.compile(
    r"(online|virtual|remote|internet|webinar|livestream|zoom)( event| only| meeting)?"
    r"(\s*[(/:–-].*|\s+via\s.*)?|https?://\S+",
    re.IGNORECASE,
)
WEB_ADDRESS = re.compile(r"\s*https?://\S+")
POSTCODE = re.compile(r"^\d{4,}\s+|\s+\d{4,}$|^\d{4,}$")
LAST_WORD_AFTER_IN = re.compile(r"\bin (\w+)$")
STATE_AND_COUNTRY = re.compile(r"([A-Z]{2,3}) (\D+)")
MOST_PARTS_OF_A_BARE_PLACE = 2
LEAST_POPULATION_FOR_A_STATE = 500_000


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address from the narrowest on, its states apart, and its country."""

    parts: tuple[str, ...]
    states: tuple[str, ...]
    country_code: str | None
    region: Region | None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place, where it is known, and what the text held before its city."""

    place: Place | None
    venue: str = ""


def is_online(text: str) -> bool:
    return ONLINE.fullmatch(text) is not None


def locate_address(
    text: str,
    *,
    zone: str = "",
    near: Position | None = None,
    otherwise: Place | None = None,
    remarks: list[str],
) -> Spot:
    """The city in a text. Of "Uluru, Australia", where none is known, the first part counts as one.
    A text without a city is a venue in the place that serves ``otherwise``, or whose place is not
    known, with a remark.
    """
    address = parse_address(text)
    for part in address.parts + address.states:
        city = city_in(part, address, near)
        if city is not None and (part not in address.states or is_city_state(city)):
            venue = address.parts[0]
            return Spot(place_of(city), venue if venue != part else "")
    if address.country_code is None or not looks_like_city(address):
        if otherwise is None:
            remarks.append(f"No city is known in the place “{text[:120]}”.")
        return Spot(otherwise, text)
    place = unknown_place(
        address.parts[0],
        address.region,
        address.country_code,
        zone=zone,
        near=near,
        remarks=remarks,
    )
    return Spot(place)


def parse_address(text: str) -> Address:
    parts = [part.strip() for part in WEB_ADDRESS.sub("", text).split(",")]
    parts = [part for part in parts if part]
    if parts and (both := STATE_AND_COUNTRY.fullmatch(parts[-1])):
        parts[-1:] = both.groups()
    country_code = country_code_of(parts[-1]) if parts else None
    if ends_with_state(parts, country_code):
        country_code = "US"
    elif country_code and len(parts) > 1:
        parts.pop()
    regions = {part: region_of(part, country_code or "") for part in parts[1:]}
    region = next((region for region in reversed(regions.values()) if region), None)
    places = parts[:1] + [part for part in parts[1:] if regions[part] is None]
    states = tuple(part for part in parts[1:] if regions[part] is not None)
    return Address(tuple(places), states, country_code, region)


def ends_with_state(parts: list[str], country_code: str | None) -> bool:
    """Whether the last part is a state of the United States: CO is not Colombia, and Georgia is the
    country only where the city is there.
    """
    *places, last = parts or [""]
    if not places or region_of(last, "US") is None:
        return False
    is_abbreviation = len(last) == 2
    if is_abbreviation or country_code is None:
        return True
    return not any(gazetteer().find(place, country_code) for place in places)


def city_in(part: str, address: Address, near: Position | None) -> KnownCity | None:
    name = POSTCODE.sub("", part)
    names = [name, name.removesuffix(" City")]
    if tail := LAST_WORD_AFTER_IN.search(name):
        names.append(tail[1])
    for name in names:
        if address.country_code is None:
            city = gazetteer().find_anywhere(name)
        else:
            city = gazetteer().find(name, address.country_code, address.region, near)
        if city is not None:
            return city
    return None


def is_city_state(city: KnownCity) -> bool:
    """Whether the city is meant where only its state is named, as by "Broadway, NY, USA"."""
    return city.population >= LEAST_POPULATION_FOR_A_STATE


def looks_like_city(address: Address) -> bool:
    return (
        0 < len(address.parts) <= MOST_PARTS_OF_A_BARE_PLACE
        and not re.search(r"\d", address.parts[0])
        and country_code_of(address.parts[0]) is None
    )
