"""What events are drawn from: pools of SIZE values each, in which the frequent ones stand more than
once, so that a random byte is enough to draw one.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.text import slugify

from events.generating.plan import KnownCity
from events.generating.vocabulary import (
    LAST_WORDS,
    STREETS,
    TEXTS,
    VENUE_KINDS,
    VENUE_NAMES,
    Subject,
)
from events.generating.weights import falling

SIZE = 256

Value = TypeVar("Value")


def spread(shares: Sequence[tuple[Value, float]], rng: random.Random) -> list[Value]:
    """A pool that holds each value as often as its share says, at least once."""
    total = sum(share for _, share in shares)
    pool = [value for value, share in shares for _ in range(max(1, round(SIZE * share / total)))]
    most = max(shares, key=lambda one: one[1])[0]
    pool = (pool + [most] * SIZE)[:SIZE]
    rng.shuffle(pool)
    return pool


@dataclass(frozen=True, slots=True)
class SubjectPools:
    """``names`` are pairs of a name such as "Jazz Festival" and its slug."""

    names: list[tuple[str, str]]
    texts: list[str]


def subject_pools(subject: Subject, rng: random.Random) -> SubjectPools:
    topics = _draw(subject.topics, rng)
    forms = _draw(subject.forms, rng)
    names = [f"{topic} {form}" for topic, form in zip(topics, forms, strict=True)]
    texts = []
    for topic, template in zip(topics, rng.choices(TEXTS, k=SIZE), strict=True):
        one, two, three = rng.sample(subject.details, 3)
        texts.append(template.format(topic=topic, one=one, two=two, three=three))
    return SubjectPools(names=[(name, slugify(name)) for name in names], texts=texts)


def last_words() -> list[str]:
    return [LAST_WORDS[number % len(LAST_WORDS)] for number in range(SIZE)]


def venues(city: KnownCity, rank: int, rng: random.Random) -> list[str]:
    """Venue, address, latitude and longitude, as cells of a line."""
    pool = []
    for number in range(1, max(8, min(SIZE, 2500 // rank)) + 1):
        latitude = min(90, max(-90, city.latitude + rng.gauss(0, 0.03)))
        longitude = min(180, max(-180, city.longitude + rng.gauss(0, 0.04)))
        name = f"{rng.choice(VENUE_NAMES)} {rng.choice(VENUE_KINDS)}"
        address = f"{rng.choice(STREETS)} {number}, {city.name}"
        pool.append(f"{name}\t{address}\t{latitude:.5f}\t{longitude:.5f}")
    return pool


def _draw(values: Sequence[Value], rng: random.Random) -> list[Value]:
    return rng.choices(values, cum_weights=falling(len(values), shift=1, power=0.9), k=SIZE)
