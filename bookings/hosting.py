"""What a host reads of an event as a whole, beside its bookings."""

from dataclasses import dataclass

from django.db.models import Count, Q

from bookings.models import Booking, BookingStatus, PromoCode, Ticket
from events.models import Event, TicketType


@dataclass(frozen=True, slots=True)
class Figures:
    confirmed: int
    held: int
    failed_mails: int
    ticket_types: list[TicketType]
    promo_codes: list[PromoCode]

    @property
    def waiting(self) -> int:
        return sum(ticket_type.stock.waiting for ticket_type in self.ticket_types)


@dataclass(frozen=True, slots=True)
class Affected:
    """What cancelling an event takes from people."""

    bookings: int
    tickets: int
    buyers: int


def figures_of(event: Event) -> Figures:
    """Tickets that are confirmed and held, bookings with a mail that failed, ticket types with
    their stock, and promo codes: four queries.
    """
    tickets = Ticket.objects.filter(booking__event=event).aggregate(
        confirmed=Count("pk", filter=Q(booking__status=BookingStatus.CONFIRMED)),
        held=Count("pk", filter=Q(booking__status=BookingStatus.PENDING)),
    )
    return Figures(
        confirmed=tickets["confirmed"],
        held=tickets["held"],
        failed_mails=Booking.objects.filter(event=event).with_failed_mail().count(),
        ticket_types=list(event.ticket_types.with_stock().filter(stock__isnull=False)),
        promo_codes=list(PromoCode.objects.filter(event=event)),
    )


def affected_by_cancelling(events: "Event | list[Event]") -> Affected:
    events = events if isinstance(events, list) else [events]
    bookings = Booking.objects.holding_places().filter(event__in=events)
    return Affected(
        bookings=bookings.count(),
        tickets=Ticket.objects.filter(booking__in=bookings).count(),
        buyers=bookings.confirmed().count(),
    )
