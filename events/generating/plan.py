"""What every process that makes events must know: plain values, to be sent to it."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownCity:
    pk: int
    name: str
    slug: str
    timezone: str
    latitude: float
    longitude: float
    language: str


@dataclass(frozen=True, slots=True)
class KnownHost:
    """Most of its events are on its subject and in its city; both by number in the plan."""

    pk: int
    subject: int
    city: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``categories`` are the keys of the subjects' categories, in the order of SUBJECTS; ``fans``
    those of the accounts that keep events as favourites.
    """

    seed: int
    today: dt.date
    upcoming_share: float
    categories: tuple[int, ...]
    cities: tuple[KnownCity, ...]
    hosts: tuple[KnownHost, ...]
    fans: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Events by number, from ``first`` on."""

    first: int
    count: int
