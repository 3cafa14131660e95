"""The events that a page shows as cards."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet, Value
from django.utils import timezone

from eventmate.kept_queries import IsOneOf, KeptQuery, Parameter
from events.models import Event, Listing, TicketType

MOST_SIMILAR = 4

# What templatetags/cards.py asks of an event.
COLUMNS = (
    *("title", "slug", "category__slug", "venue", "city__name", "is_online", "status"),
    *("starts_at", "ends_at", "timezone", "is_all_day", "is_scheduled", "allows_pay_at_door"),
)
IDS = Parameter("ids")


def _cards() -> QuerySet[Event]:
    events = Event.objects.published().for_listing(AnonymousUser()).filter(IsOneOf(F("pk"), IDS))
    return events.prefetch_related(None).only(*COLUMNS)


def _ticket_types() -> QuerySet[TicketType]:
    return TicketType.objects.offered().filter(IsOneOf(F("event"), IDS))


CARDS, TICKET_TYPES = KeptQuery(_cards), KeptQuery(_ticket_types)


def load_cards(event_ids: Iterable[int], user: Any) -> list[Event]:
    """In the order of the ids, with all that a card shows, in two queries. What is not public any
    more since it was listed is left out.
    """
    ids = list(event_ids)
    if user.is_authenticated:
        events = Event.objects.published().for_listing(user).in_bulk(ids)
    else:
        events = _cards_of_anybody(ids)
    return [events[pk] for pk in ids if pk in events]


def _cards_of_anybody(ids: list[int]) -> dict[int, Event]:
    if not ids:
        return {}
    events = {event.pk: event for event in CARDS.rows(ids=ids)}
    for event in events.values():
        event.offered = []
    for ticket_type in TICKET_TYPES.rows(ids=ids):
        if ticket_type.event_id in events:
            ticket_type.event = events[ticket_type.event_id]
            ticket_type.event.offered.append(ticket_type)
    return events


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
