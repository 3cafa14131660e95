"""What a host reads of the dates of a series."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from bookings.models import Booking, WaitlistEntry
from events.models import Event


@dataclass(frozen=True, slots=True)
class HostedDate:
    number: int
    event: Event
    capacity: int
    taken: int
    is_removable: bool


def hosted_dates(event: Event) -> list[HostedDate]:
    """All dates of the series that the event is one of: four queries."""
    dates = Event.objects.dates_of(event)
    places = {
        row.pk: (row.capacity, row.places_taken)
        for row in dates.order_by().with_capacity().only("pk")
    }
    now = timezone.now()
    events = list(dates.defer("description"))
    asked_for = asked_for_in(row.pk for row in events)
    return [
        HostedDate(
            number,
            row,
            *places.get(row.pk, (0, 0)),
            is_removable=row.starts_at > now and row.pk not in asked_for,
        )
        for number, row in enumerate(events, start=1)
    ]


def asked_for_in(event_ids: Iterable[int]) -> set[int]:
    """Those that somebody has booked, if only once upon a time, or waited for."""
    ids = list(event_ids)
    booked = Booking.objects.filter(event__in=ids).order_by()
    waited = WaitlistEntry.objects.filter(ticket_type__event__in=ids).order_by()
    return {
        *booked.values_list("event", flat=True).distinct(),
        *waited.values_list("ticket_type__event", flat=True).distinct(),
    }
