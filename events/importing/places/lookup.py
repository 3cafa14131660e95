"""The gazetteer, asked from a web worker, which must stay small and quick: in a process of its own.

That takes about a second, and 200 megabytes meanwhile.
"""

import json
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from eventmate.embedded.paths import REPOSITORY
from events.distance import Position
from events.importing.places.aliases import aliases_of
from events.importing.places.countries import country_code_of, region_of
from events.importing.places.gazetteer import (
    LEAST_POPULATION_WITHOUT_COUNTRY,
    KnownCity,
    gazetteer,
)
from events.importing.places.locating import Place, place_of
from events.importing.places.names import fold_place

PATIENCE = 6.0  # seconds with those to wait for others, within the deadline of a request
# The country whose states are more usual after a city's name than its own is.
OF_STATES = "US"

# Of one process, as each takes a processor.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class FoundPlace:
    place: Place
    aliases: str


class LookupTimeout(Exception):
    """The machine has too much else to do."""


def look_up(text: str) -> FoundPlace | None:
    """The city of 5,000 people or more that is meant by "Passau, Germany", "Dallas, TX" or, where
    it is a large one, by its name alone. Raises LookupTimeout.
    """
    command = [sys.executable, "-m", "events.importing.places.lookup", text]
    until = time.monotonic() + PATIENCE
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise LookupTimeout
    try:
        rest = until - time.monotonic()
        done = subprocess.run(
            command, capture_output=True, check=True, timeout=rest, cwd=REPOSITORY
        )
    except subprocess.TimeoutExpired as error:
        raise LookupTimeout from error
    finally:
        _one_at_a_time.release()
    return _read(json.loads(done.stdout))


def find(text: str) -> KnownCity | None:
    name, *rest = (part.strip() for part in text.split(","))
    if not rest:
        return find_large(name)
    country_code = country_code_of(rest[-1])
    if country_code is not None:
        region = region_of(rest[0], country_code) if len(rest) > 1 else None
        if city := gazetteer().find(name, country_code, region):
            return city
    state = region_of(rest[-1], OF_STATES)
    return gazetteer().find(name, OF_STATES, state) if state else None


def find_large(name: str) -> KnownCity | None:
    """As Gazetteer.find_anywhere, which indexes all cities for those who ask often."""
    key = fold_place(name)
    cities = (
        city
        for city in gazetteer().cities()
        if city.population >= LEAST_POPULATION_WITHOUT_COUNTRY and key in city.all_keys()
    )
    return max(cities, key=lambda city: city.weight(key), default=None)


def written(city: KnownCity | None) -> dict[str, Any] | None:
    if city is None:
        return None
    place = place_of(city)
    aliases = aliases_of(place.name, place.country_code, place.position)
    return asdict(place) | {"keys": sorted(place.keys), "aliases": aliases}


def _read(found: dict[str, Any] | None) -> FoundPlace | None:
    if found is None:
        return None
    aliases, keys = found.pop("aliases"), frozenset(found.pop("keys"))
    position: Position | None = tuple(found.pop("position") or ()) or None
    return FoundPlace(Place(**found, keys=keys, position=position), aliases)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(written(find(sys.argv[1]))))
