"""The events that a page shows as cards."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet, Value
from django.utils import timezone

from events.models import Event, Listing

MOST_SIMILAR = 4


def load_cards(event_ids: Iterable[int], user: Any) -> list[Event]:
    """In the order of the ids, with all that a card shows, in two queries. What is not public any
    more since it was listed is left out.
    """
    ids = list(event_ids)
    events = Event.objects.published().for_listing(user).in_bulk(ids)
    return [events[pk] for pk in ids if pk in events]


def other_dates(event: Event) -> QuerySet[Event]:
    """Those of its series that visitors can still go to."""
    if event.series_id is None:
        return Event.objects.none()
    dates = Event.objects.dates_of(event).published().upcoming().exclude(pk=event.pk)
    return dates.only("slug", "starts_at", "ends_at", "timezone", "is_all_day")


def load_similar(event: Event, user: Any) -> list[Event]:
    """Others of its category, those in its city first, the soonest first."""
    others = (
        Listing.objects.filter(category_id=event.category_id, ends_at__gt=timezone.now())
        .exclude(pk=event.pk)
        .order_by("starts_at", "event_id")
    )
    if event.series_id is not None:
        others = others.exclude(pk__in=Event.objects.dates_of(event).order_by().values("pk"))
    here, elsewhere = (
        some.values_list(Value(place), "starts_at", "pk")[:MOST_SIMILAR]
        for place, some in enumerate(
            (others.filter(city=event.city), others.exclude(city=event.city))
        )
    )
    nearest = sorted(here.union(elsewhere, all=True))[:MOST_SIMILAR]
    return load_cards((pk for _place, _starts_at, pk in nearest), user)
