"""Events with the ticket types that everyone sees of them, as offer_of() takes them."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404

from eventmate.kept_queries import IsOneOf, KeptQuery, Parameter
from events.models import Event, TicketType


def _ticket_types() -> QuerySet[TicketType]:
    return TicketType.objects.offered().filter(IsOneOf(F("event"), Parameter("events")))


def _event_to_book() -> QuerySet[Event]:
    events = Event.objects.visible_to(AnonymousUser()).for_booking()
    return events.prefetch_related(None).filter(slug=Parameter("slug"))


TICKET_TYPES, EVENT_TO_BOOK = KeptQuery(_ticket_types), KeptQuery(_event_to_book)


def load_offered(events: Collection[Event]) -> None:
    """In one query, where there are any."""
    if not events:
        return
    by_id = {event.pk: event for event in events}
    for event in events:
        event.offered = []
    for ticket_type in TICKET_TYPES.rows(events=list(by_id)):
        ticket_type.event = by_id[ticket_type.event_id]
        ticket_type.event.offered.append(ticket_type)


def event_to_book_or_404(*, slug: str, user: Any) -> Event:
    """With all that the booking form shows, in two queries; one more for what not everyone sees."""
    events = EVENT_TO_BOOK.rows(slug=slug)
    if not events:
        return get_object_or_404(Event.objects.visible_to(user).for_booking(), slug=slug)
    load_offered(events)
    return events[0]
