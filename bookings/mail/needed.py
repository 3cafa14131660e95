"""Whether a message still has something to say when its turn comes."""

import datetime as dt

from django.utils import timezone

from bookings.models import Booking, Message, MessageKind, WaitlistEntry
from events.models import Event


def is_needed(message: Message) -> bool:
    ticket, booking, entry = message.ticket, message.booking, message.waitlist_entry
    if ticket is not None and ticket.holder_email != message.recipient:
        return False  # it was sent on to somebody else, whose ticket it is now
    if booking is not None and ticket is None and booking.email != message.recipient:
        return False  # the address was put right, and the booking is not this reader's
    if booking is not None:
        return _is_about_booking_as_it_is(message, booking)
    if message.kind in (MessageKind.CANCELLATION, MessageKind.TEST):
        return True
    return isinstance(entry, WaitlistEntry) and entry.is_waiting


def start_occasion(event: Event) -> str:
    """The occasion of a reminder, which is another one once the event has moved."""
    return event.starts_at.astimezone(dt.UTC).isoformat()


def _is_about_booking_as_it_is(message: Message, booking: Booking) -> bool:
    match message.kind:
        case MessageKind.CANCELLATION:
            return True
        case MessageKind.OFFER:
            return booking.is_pending and not booking.is_overdue
        case MessageKind.REMINDER_DAY | MessageKind.REMINDER_HOUR:
            return booking.is_confirmed and _is_ahead(message, booking.event)
    return booking.has_valid_tickets


def _is_ahead(message: Message, event: Event) -> bool:
    if not event.is_published or event.starts_at <= timezone.now():
        return False
    return message.occasion.startswith(start_occasion(event))
