"""Many different events, and searches that find some of them."""

import datetime as dt
import random
from decimal import Decimal

from django.utils import timezone

from events.days import When, days_of
from events.models import Listing
from events.search.criteria import Access, Attendance, Criteria, Near, PartOfDay, Sort
from events.search.finding import Moment, Search
from events.search.words import parse_words
from tests.factories import (
    CategoryFactory,
    CityFactory,
    EventFactory,
    HostFactory,
    TicketTypeFactory,
    days_from_now,
)

WORDS = ("jazz", "python", "festival", "workshop", "night", "market")


def make_events(number: int, *, seed: int = 1) -> None:
    chance = random.Random(seed)
    cities = [
        CityFactory(name=name, latitude=latitude, longitude=13.4)
        for name, latitude in (("Berlin", 52.5), ("Potsdam", 52.4), ("Leipzig", 51.3))
    ]
    categories = CategoryFactory.create_batch(3)
    hosts = HostFactory.create_batch(4)
    for _ in range(number):
        event = EventFactory(
            title=" ".join(chance.sample(WORDS, 2)),
            summary=chance.choice(WORDS),
            city=chance.choice([*cities, None]),
            category=chance.choice(categories),
            host=chance.choice(hosts),
            is_online=chance.random() < 0.4,
            has_hearing_loop=chance.random() < 0.3,
            is_step_free=chance.random() < 0.5,
            language=chance.choice(["", "English", "English, German"]),
            starts_at=(start := days_from_now(chance.randrange(40), chance.randrange(24))),
            ends_at=start + dt.timedelta(hours=chance.choice([2, 30, 400])),
        )
        for _ in range(chance.randrange(3)):
            TicketTypeFactory(
                event=event,
                price=chance.choice([0, 5, 20, 60]),
                taken=(taken := chance.randrange(11)),
                capacity=max(taken, chance.choice([5, 10])),
            )


def moment() -> Moment:
    return Moment(at=timezone.now(), today=timezone.localdate())


def searches() -> dict[str, Criteria]:
    today = timezone.localdate()
    later = today + dt.timedelta(days=20)
    return {
        "everything": Criteria(),
        "words": Criteria(words=parse_words("jazz"), sort=Sort.RELEVANCE),
        "words by date": Criteria(words=parse_words("festival"), sort=Sort.SOON),
        "beginning": Criteria(words=parse_words("fest jaz"), sort=Sort.RELEVANCE),
        "weekend": Criteria(dates=(days_of(When.WEEKEND, today),)),
        "later": Criteria(dates=((later, later + dt.timedelta(days=7)),)),
        "from then on": Criteria(dates=((later, None),)),
        "evening, online": Criteria(
            tags=frozenset({("time", PartOfDay.EVENING.value), ("attend", Attendance.ONLINE.value)})
        ),
        "both kinds of access": Criteria(
            tags=frozenset(
                {("access", Access.STEP_FREE.value), ("access", Access.HEARING_LOOP.value)}
            )
        ),
        "cheap": Criteria(max_price=Decimal(10), sort=Sort.PRICE),
        "dear": Criteria(min_price=Decimal(10), sort=Sort.DEAREST),
        "available": Criteria(is_available=True, sort=Sort.POPULAR),
        "near": Criteria(near=Near(52.5, 13.4, 30), sort=Sort.DISTANCE),
        "many filters": Criteria(
            words=parse_words("night"),
            tags=frozenset({("language", "german")}),
            max_price=Decimal(25),
            is_available=True,
            sort=Sort.NEWEST,
        ),
    }


def titles(text, **criteria):
    """What is found by words, the best match first."""
    wanted = Criteria(words=parse_words(text), sort=Sort.RELEVANCE, **criteria)
    found = [row["event_id"] for row in Search(wanted, moment()).page().rows]
    title_of = dict(Listing.objects.values_list("pk", "event__title"))
    return [title_of[pk] for pk in found]
