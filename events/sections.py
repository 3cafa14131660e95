"""The home page's sections, in four queries for any number of events."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum, Value
from django.utils import timezone

from events.days import When, days_of
from events.models import City, Event

ON_SHELF = 8
MOST_PLACES = 12


@dataclass(frozen=True, slots=True)
class Shelf:
    title: str
    query: str
    events: list[Event]


@dataclass(frozen=True, slots=True)
class CategoryCount:
    slug: str
    name: str
    upcoming_count: int


def load_shelves(user: Any) -> list[Shelf]:
    """Soon, this weekend, popular and not sold out; the ones that have events."""
    upcoming = Event.objects.published().upcoming()
    weekend = upcoming.on_dates(*days_of(When.WEEKEND, timezone.localdate()))
    places_left = Sum(
        F("ticket_types__stock__capacity") - F("ticket_types__stock__taken"),
        filter=Q(ticket_types__is_hidden=False),
    )
    popular = (
        upcoming.with_popularity()
        .annotate(places_left=places_left)
        .filter(Q(places_taken__gt=0), Q(places_left__gt=0))
    )
    choices = {
        "soon": upcoming.filter(starts_at__gt=timezone.now()).order_by("starts_at", "pk"),
        "weekend": weekend.order_by("starts_at", "pk"),
        "popular": popular.order_by(F("places_taken").desc(), "starts_at", "pk"),
    }
    chosen: dict[str, list[int]] = {name: [] for name in choices}
    first, *others = (
        events.values_list(Value(name), "pk")[:ON_SHELF] for name, events in choices.items()
    )
    for name, pk in first.union(*others, all=True):
        chosen[name].append(pk)
    wanted = {pk for pks in chosen.values() for pk in pks}
    events = Event.objects.for_listing(user).in_bulk(wanted)
    shelves = [
        Shelf(title, query, [events[pk] for pk in chosen[name] if pk in events])
        for name, title, query in (
            ("soon", "Coming up", "sort=soon"),
            ("weekend", "This weekend", "when=weekend"),
            ("popular", "Popular right now", "sort=popular"),
        )
    ]
    return [shelf for shelf in shelves if shelf.events]


def count_by_city() -> list[City]:
    """The cities with the most upcoming events."""
    cities = City.objects.with_upcoming_counts()
    return list(cities.order_by(F("upcoming_count").desc(), "name")[:MOST_PLACES])


def count_by_category() -> list[CategoryCount]:
    """The categories with upcoming events, the fullest first."""
    counts = (
        Event.objects.published()
        .upcoming()
        .order_by()
        .values_list("category__slug", "category__name")
        .annotate(upcoming_count=Count("pk"))
        .order_by("-upcoming_count", "category__name")[:MOST_PLACES]
    )
    return [CategoryCount(*row) for row in counts]
