"""The home page's sections, in five queries for any number of events."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from eventmate.kept_queries import KeptQuery, Parameter
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


def _soon() -> "QuerySet[Any, Any]":
    soon = Listing.objects.filter(ends_at__gt=NOW, starts_at__gt=NOW)
    return _first_ids(soon, "starts_at", "event_id")


def _popular() -> "QuerySet[Any, Any]":
    popular = Listing.objects.filter(ends_at__gt=NOW, popularity__gt=0).available(NOW)
    return _first_ids(popular, "-popularity", "starts_at", "event_id")


def _weekend(now: dt.datetime) -> "QuerySet[Any, Any]":
    """Put together each time: which days those are is worked out from the date."""
    days = days_of(When.WEEKEND, timezone.localdate())
    weekend = Listing.objects.filter(ends_at__gt=now).on_dates(days)
    return _first_ids(weekend, "starts_at", "event_id")


def _first_ids(listings: QuerySet[Listing], *order: str) -> "QuerySet[Any, Any]":
    return listings.order_by(*order).values_list("pk", flat=True)[:ON_SHELF]


NOW = Parameter("now")
SOON: KeptQuery[Any] = KeptQuery(_soon)
POPULAR: KeptQuery[Any] = KeptQuery(_popular)


def load_shelves(user: Any) -> list[Shelf]:
    """Soon, this weekend, popular and not sold out; the ones that have events."""
    now = timezone.now()
    ids = {
        "soon": SOON.rows(now=now),
        "weekend": list(_weekend(now)),
        "popular": POPULAR.rows(now=now),
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
