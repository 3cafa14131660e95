"""The texts of the demo, read from `texts/`."""

import datetime as dt
import functools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parent / "texts"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Venue:
    kinds: frozenset[str]
    name: str
    address: str
    district: str
    near: str
    latitude: float
    longitude: float

    @property
    def is_outdoors(self) -> bool:
        return "park" in self.kinds


@dataclass(frozen=True, slots=True)
class Place:
    """A city, with what texts say of it."""

    name: str
    country: str
    code: str
    timezone: str
    position: tuple[float, float]
    weight: int
    languages: tuple[str, ...]
    words: dict[str, str]
    venues: tuple[Venue, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """A category."""

    slug: str
    name: str
    description: str
    weight: int


@dataclass(frozen=True, slots=True)
class Plan:
    """When, where and for how much a concept takes place. Prices are at the level of the euro."""

    venues: frozenset[str]
    weekdays: frozenset[int]
    starts: tuple[dt.time, ...]
    minutes: int
    price: tuple[int, int]
    places: tuple[int, int]
    tickets: str
    language: str | None = None
    cities: frozenset[str] = frozenset()
    days_long: tuple[int, int] | None = None
    all_day: bool = False
    hybrid: bool = False
    season: str = ""

    @property
    def is_online(self) -> bool:
        return ONLINE in self.venues

    @property
    def needs_warmth(self) -> bool:
        return self.season == "warm"

    @property
    def is_long(self) -> bool:
        """Over more than one day."""
        return self.days_long is not None or self.minutes > 24 * 60


@dataclass(frozen=True, slots=True)
class Take:
    """One event that a concept can become."""

    title: str
    summary: str
    lead: str
    slots: dict[str, str]


@dataclass(frozen=True, slots=True)
class Concept:
    category: str
    plan: Plan
    body: str
    takes: tuple[Take, ...]


@dataclass(frozen=True, slots=True)
class Publisher:
    """A host: of one city, or of some categories everywhere."""

    name: str
    text: str
    city: str = ""
    categories: tuple[str, ...] = ()
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Tier:
    """A ticket type of a plan; see the head of tickets.toml."""

    name: str
    text: str
    factor: float
    share: float
    chance: float = 1.0
    sale: str = ""
    least: int = 1
    most: int = 10


@dataclass(frozen=True, slots=True)
class Corpus:
    places: tuple[Place, ...]
    subjects: tuple[Subject, ...]
    concepts: tuple[Concept, ...]
    publishers: tuple[Publisher, ...]
    tiers: dict[str, tuple[Tier, ...]]
    names: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    reviews: dict[str, tuple[tuple[int, str], ...]]
    practical: dict[str, list[str]] = field(default_factory=dict)
    replies: dict[str, list[str]] = field(default_factory=dict)


@functools.cache
def load_corpus() -> Corpus:
    names = _read("people")
    return Corpus(
        places=tuple(_place(row) for path in _folder("places") for row in _read(path)["city"]),
        subjects=tuple(Subject(slug, **row) for slug, row in _read("categories").items()),
        concepts=tuple(
            _concept(Path(path).name, row)
            for path in _folder("concepts")
            for row in _read(path)["concept"]
        ),
        publishers=tuple(
            Publisher(**(row | {"categories": tuple(row.get("categories", ()))}))
            for row in _read("hosts")["host"]
        ),
        tiers={
            plan: tuple(Tier(**row) for row in rows["types"])
            for plan, rows in _read("tickets").items()
        },
        names={code: (tuple(row["first"]), tuple(row["last"])) for code, row in names.items()},
        reviews={
            category: tuple((stars, text) for stars, text in rows)
            for category, rows in _read("reviews").items()
        },
        practical=_read("practical"),
        replies=_read("replies"),
    )


def _folder(name: str) -> list[str]:
    return sorted(f"{name}/{path.stem}" for path in (TEXTS / name).glob("*.toml"))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def _place(row: dict[str, Any]) -> Place:
    venues = tuple(Venue(frozenset(kinds.split()), *rest) for kinds, *rest in row["venues"])
    position = (row["position"][0], row["position"][1])
    languages = tuple(row["languages"])
    return Place(**(row | {"venues": venues, "position": position, "languages": languages}))


def _concept(category: str, row: dict[str, Any]) -> Concept:
    return Concept(category, _plan(row["plan"]), row["body"], tuple(map(_take, row["take"])))


def _plan(row: dict[str, Any]) -> Plan:
    days = WEEKDAYS if row["days"] == "any" else row["days"].split()
    read = {
        "venues": frozenset(row["venues"].split()),
        "weekdays": frozenset(WEEKDAYS.index(day) for day in days),
        "starts": tuple(dt.time.fromisoformat(start) for start in row["starts"].split()),
        "price": tuple(row["price"]),
        "places": tuple(row["places"]),
        "cities": frozenset(row.get("cities", ())),
    }
    if "days_long" in row:
        read["days_long"] = tuple(row["days_long"])
    rest = {key: value for key, value in row.items() if key != "days"}
    return Plan(**(rest | read))


def _take(row: dict[str, str]) -> Take:
    slots = dict(row)
    return Take(slots.pop("title"), slots.pop("summary"), slots.pop("lead"), slots)
