"""Reviews by people who were there, and favourites."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bookings.demo.corpus import Corpus
from bookings.demo.programme import Production
from bookings.demo.sales import Sale
from bookings.demo.wording import fill
from bookings.models import BookingStatus
from events.models import Event, Favorite, Review

if TYPE_CHECKING:
    from accounts.models import User

LEAST_REVIEWS, MOST_REVIEWS = 3, 12
MOST_FAVORITES = 6
OWN_WORDS_SHARE = 0.7


class Critics:
    def __init__(self, corpus: Corpus, rng: random.Random, start_of_day: dt.datetime) -> None:
        self._rng = rng
        self._start_of_day = start_of_day
        self._texts = {
            category: self._deal(list(texts)) for category, texts in corpus.reviews.items()
        }

    def write(self, production: Production, sales: list[Sale]) -> list[Review]:
        """By people with an account whose booking was confirmed, one each."""
        visitors = {
            sale.booking.email: sale.booking.user
            for sale in sales
            if sale.booking.user and sale.booking.status == BookingStatus.CONFIRMED
        }
        count = min(self._rng.randint(LEAST_REVIEWS, MOST_REVIEWS), len(visitors))
        return [
            self._review(production, visitors[email])
            for email in self._rng.sample(sorted(visitors), count)
        ]

    def _review(self, production: Production, user: "User") -> Review:
        category = production.concept.category
        if self._rng.random() > OWN_WORDS_SHARE:
            category = "any"
        stars, text = next(self._texts[category])
        slots = {
            "city": production.place.name,
            "host": production.publisher.name,
            "venue": production.event.venue or "the stream",
        }
        over = self._start_of_day - production.event.ends_at
        written_at = production.event.ends_at + min(over, dt.timedelta(days=9)) * (
            self._rng.uniform(0.05, 0.95)
        )
        return Review(
            event=production.event,
            user=user,
            rating=stars,
            text=fill(text, rng=self._rng, slots=slots),
            created_at=written_at,
        )

    def _deal(self, texts: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        while True:
            yield from self._rng.sample(texts, len(texts))


def make_favorites(
    rng: random.Random,
    users: list["User"],
    events: list[Event],
    start_of_day: dt.datetime,
) -> list[Favorite]:
    return [
        Favorite(
            user=user,
            event=event,
            created_at=start_of_day - dt.timedelta(minutes=rng.randint(1, 60 * 24 * 20)),
        )
        for user in users
        for event in rng.sample(events, min(rng.randint(0, MOST_FAVORITES), len(events)))
    ]
