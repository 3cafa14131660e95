"""The home page's sections, in five queries for any number of events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from events.cards import load_cards
from events.days import When, days_of
from events.models import Event, Listing
from events.search.kept_names import names
from events.search.names import CategoryName, CityName

ON_SHELF = 8
MOST_PLACES = 12


@dataclass(frozen=True, slots=True)
class Shelf:
    title: str
    query: str
    events: list[Event]


def load_shelves(user: Any) -> list[Shelf]:
    """Soon, this weekend, popular and not sold out; the ones that have events."""
    now = timezone.now()
    upcoming = Listing.objects.filter(ends_at__gt=now)
    soon = upcoming.filter(starts_at__gt=now).order_by("starts_at", "event_id")
    weekend = upcoming.on_dates(days_of(When.WEEKEND, timezone.localdate()))
    popular = upcoming.available(now).filter(popularity__gt=0)
    chosen = {
        "soon": soon,
        "weekend": weekend.order_by("starts_at", "event_id"),
        "popular": popular.order_by("-popularity", "starts_at", "event_id"),
    }
    ids = {
        name: list(listings.values_list("pk", flat=True)[:ON_SHELF])
        for name, listings in chosen.items()
    }
    events = {
        event.pk: event for event in load_cards({pk for pks in ids.values() for pk in pks}, user)
    }
    shelves = [
        Shelf(title, query, [events[pk] for pk in ids[name] if pk in events])
        for name, title, query in (
            ("soon", "Coming up", "sort=soon"),
            ("weekend", "This weekend", "when=weekend"),
            ("popular", "Popular right now", "sort=popular"),
        )
    ]
    return [shelf for shelf in shelves if shelf.events]


def largest_cities() -> Sequence[CityName]:
    """Those with the most upcoming events."""
    return names().cities[:MOST_PLACES]


def largest_categories() -> Sequence[CategoryName]:
    """Those with upcoming events, the fullest first."""
    return [row for row in names().categories[:MOST_PLACES] if row.upcoming]
