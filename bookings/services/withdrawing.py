"""Taking an event back that nobody has booked."""

from django.db import transaction
from django.db.models import ProtectedError

from bookings.models import Booking, PromoCode, Ticket, WaitlistEntry
from events.exceptions import EventError, EventRefusal
from events.models import Event, EventStatus, TicketType
from events.services.publishing import unpublish_event
from events.services.series import forget_series_without_dates


def withdraw_event(*, event: Event) -> Event:
    """Make a published event a draft again.

    Raises EventError: HAS_BOOKINGS, with the numbers, where people have booked or wait;
    NOT_PUBLISHED for a cancelled event.
    """
    with transaction.atomic():
        _lock(event)
        if why := why_not_withdrawn(event):
            raise EventError(EventRefusal.HAS_BOOKINGS, why)
        return unpublish_event(event=event)


def why_not_withdrawn(event: Event) -> str:
    """Who would be left with tickets to a page that is gone; empty if nobody."""
    bookings = Booking.objects.holding_places().filter(event=event).count()
    waiting = WaitlistEntry.objects.open().filter(ticket_type__event=event).count()
    found = [
        *([f"{bookings} booking{'s'[: bookings != 1]}"] if bookings else []),
        *([f"{waiting} on the waiting list"] if waiting else []),
    ]
    if not found:
        return ""
    return (
        f"This event has {' and '.join(found)}, so it cannot become a draft again."
        " You can change it as it is, or cancel it."
    )


def delete_draft(*, event: Event) -> None:
    """Delete an event that was never booked.

    Raises EventError: NOT_A_DRAFT; HAS_BOOKINGS where there are some, old ones included.
    """
    with transaction.atomic():
        locked = _lock(event)
        if locked.status != EventStatus.DRAFT:
            raise EventError(EventRefusal.NOT_A_DRAFT, "Only a draft can be deleted.")
        try:
            locked.delete()
        except ProtectedError as error:
            raise EventError(
                EventRefusal.HAS_BOOKINGS,
                "This event has bookings, old ones included, so it cannot be deleted.",
            ) from error
        forget_series_without_dates(series_id=locked.series_id)


def delete_ticket_type(*, ticket_type: TicketType) -> None:
    """Delete a ticket type of which no ticket was ever made and for which nobody waits, and which
    no promo code needs. One that is gone already is no error.

    Raises EventError: HAS_BOOKINGS, with the number, or HAS_PROMO_CODES.
    """
    with transaction.atomic():
        TicketType.objects.select_for_update(of=("self",)).filter(pk=ticket_type.pk).first()
        tickets = Ticket.objects.filter(ticket_type=ticket_type).count()
        waiting = WaitlistEntry.objects.open().filter(ticket_type=ticket_type).count()
        if tickets or waiting:
            what = f"{tickets} ticket{'s'[: tickets != 1]}, old ones included"
            raise EventError(
                EventRefusal.HAS_BOOKINGS,
                f"“{ticket_type}” has {what if tickets else 'people who wait for it'},"
                " and cannot be deleted. End its sale instead.",
            )
        if codes := _codes_for_it_alone(ticket_type):
            raise EventError(
                EventRefusal.HAS_PROMO_CODES,
                f"“{ticket_type}” is all that {' and '.join(codes)} can be used for: without it, it"
                " would be for all tickets. End the promo code first, or choose others for it.",
            )
        ticket_type.delete()


def _codes_for_it_alone(ticket_type: TicketType) -> list[str]:
    """Promo codes in use. A code that is for no type is for all that everyone sees."""
    codes = PromoCode.objects.filter(is_active=True, ticket_types=ticket_type)
    chosen = codes.prefetch_related("ticket_types").order_by("code")
    return [code.code for code in chosen if len(code.ticket_types.all()) == 1]


def _lock(event: Event) -> Event:
    """Against bookings that are just being made: those lock the event's key."""
    return Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
