"""Reviews by people who were there with what came of them, favourites, and who follows whom."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bookings.demo.corpus import Corpus
from bookings.demo.programme import Production
from bookings.demo.sales import Sale
from bookings.demo.wording import fill
from bookings.models import BookingStatus
from events.models import (
    Event,
    Favorite,
    Host,
    HostFollower,
    NewsReader,
    ReportReason,
    Review,
    ReviewReply,
    ReviewReport,
)

if TYPE_CHECKING:
    from accounts.models import User

LEAST_REVIEWS, MOST_REVIEWS = 3, 12
MOST_FAVORITES = 6
MOST_FOLLOWED = 3
REPLIED_SHARE = 0.3
WELL_RATED = 3
REPORTS = 3
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


def make_replies(
    rng: random.Random, corpus: Corpus, reviews: list[Review], now: dt.datetime
) -> list[ReviewReply]:
    """Hosts reply to some of what is said in words."""
    return [
        ReviewReply(
            review=review,
            by=review.event.host.owner,
            text=rng.choice(corpus.replies["kind" if review.rating >= WELL_RATED else "sorry"]),
            written_at=review.created_at + (now - review.created_at) * rng.uniform(0.1, 0.9),
        )
        for review in reviews
        if review.text and rng.random() < REPLIED_SHARE
    ]


def make_reports(
    rng: random.Random, reviews: list[Review], users: list["User"], now: dt.datetime
) -> list[ReviewReport]:
    """Some people have something against what others say of events."""
    worst = sorted((review for review in reviews if review.text), key=lambda row: row.rating)
    return [
        ReviewReport(
            review=review,
            reason=reason,
            review_text=review.text,
            reporter=user,
            reported_at=review.created_at + (now - review.created_at) * rng.uniform(0.1, 0.9),
        )
        for review, reason, user in zip(
            worst[:REPORTS],
            (ReportReason.UNTRUE, ReportReason.ABUSE, ReportReason.PRIVATE),
            rng.sample(users, REPORTS),
            strict=False,
        )
    ]


def make_followers(
    rng: random.Random, users: list["User"], hosts: list[Host], now: dt.datetime
) -> tuple[list[NewsReader], list[HostFollower]]:
    """Who follows whom since when. All are told of what comes from now on."""
    readers, followers = [], []
    for user in users:
        followed = rng.sample(hosts, min(rng.randint(0, MOST_FOLLOWED), len(hosts)))
        if followed:
            readers.append(NewsReader(user=user, told_until=now, looked_at=now))
        followers += [
            HostFollower(
                user=user,
                host=host,
                followed_at=now - dt.timedelta(minutes=rng.randint(1, 60 * 24 * 80)),
                told_from=now,
            )
            for host in followed
        ]
    return readers, followers
