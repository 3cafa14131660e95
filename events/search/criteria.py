"""What a visitor asks for, apart from how it is written in an address (forms/filters.py)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import models

from events.search.words import NO_WORDS, Words

DateRange = tuple[dt.date | None, dt.date | None]


class Sort(models.TextChoices):
    RELEVANCE = "relevance", "Best match"
    SOON = "soon", "Soonest first"
    DISTANCE = "distance", "Nearest first"
    POPULAR = "popular", "Most popular"
    PRICE = "price", "Lowest price"
    DEAREST = "-price", "Highest price"
    NEWEST = "newest", "Newly added"


class PartOfDay(models.TextChoices):
    MORNING = "morning", "Morning"
    AFTERNOON = "afternoon", "Afternoon"
    EVENING = "evening", "Evening"
    NIGHT = "night", "Night"


class Attendance(models.TextChoices):
    IN_PERSON = "in-person", "In person"
    ONLINE = "online", "Online"


class Access(models.TextChoices):
    STEP_FREE = "step-free", "Step-free access"
    HEARING_LOOP = "hearing-loop", "Hearing loop"
    SIGN_LANGUAGE = "sign-language", "Sign language or captions"
    COMPANION = "companion", "Companion ticket"


@dataclass(frozen=True, slots=True)
class Near:
    """Within ``radius`` kilometres of a point, in degrees."""

    latitude: float
    longitude: float
    radius: float


def usual_sort(words: Words, near: Near | None) -> Sort:
    """Where none is asked for."""
    if words:
        return Sort.RELEVANCE
    return Sort.DISTANCE if near else Sort.SOON


@dataclass(frozen=True, slots=True)
class Criteria:
    """Everything that is asked for holds for an event that matches.

    ``tags`` are those of models/listing.py: dimension and value. Of one dimension an event has at
    least one of the values, but of ``access`` all.
    """

    words: Words = NO_WORDS
    place: Words = NO_WORDS
    tags: frozenset[tuple[str, str]] = frozenset()
    dates: tuple[DateRange, ...] = ()
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    is_available: bool = False
    near: Near | None = None
    sort: Sort = Sort.SOON

    def without(self, dimension: str) -> "Criteria":
        """The same but for what is asked for in one dimension: that of a tag, or "dates",
        "price", "available".
        """
        match dimension:
            case "dates":
                return replace(self, dates=())
            case "price":
                return replace(self, min_price=None, max_price=None)
            case "available":
                return replace(self, is_available=False)
        kept = frozenset(tag for tag in self.tags if tag[0] != dimension)
        return replace(self, tags=kept)

    def dimensions(self) -> Iterator[str]:
        """Those in which something is asked for and that visitors choose from."""
        yield from sorted({dimension for dimension, _value in self.tags})
        if self.dates:
            yield "dates"
        if self.min_price is not None or self.max_price is not None:
            yield "price"
        if self.is_available:
            yield "available"

    def has_only_choices(self) -> bool:
        """Nothing is asked for but tags, dates, a price and places left."""
        return not (self.words or self.place or self.near)

    def without_choices(self) -> "Criteria":
        """The same but for tags, dates, a price and places left."""
        return replace(
            self,
            tags=frozenset(),
            dates=(),
            min_price=None,
            max_price=None,
            is_available=False,
        )

    def tags_by_dimension(self) -> dict[str, list[str]]:
        """ "dimension:value" as the listings have it, of which an event must have one of each."""
        wanted: dict[str, list[str]] = {}
        for dimension, value in sorted(self.tags):
            tag = f"{dimension}:{value}"
            wanted.setdefault(tag if dimension == "access" else dimension, []).append(tag)
        return wanted
