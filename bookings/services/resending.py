"""Sending a message once more, to the address that it should have by now."""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bookings.exceptions import Refusal, refusal
from bookings.loading import lock_booking
from bookings.models import Booking, Message, MessageKind, MessageState, WaitlistEntry
from bookings.models.message import RESENT
from bookings.services.messages import queue_message, resend_message

MOST_A_DAY = 5
OF_TICKETS = (MessageKind.CONFIRMATION, MessageKind.TICKET, MessageKind.CHANGE)


def is_resendable(message: Message) -> bool:
    """Whether it would still tell its reader something, and is not on its way already."""
    return message.state != MessageState.QUEUED and _is_of_use(message)


def resend_to_present_address(*, message: Message) -> None:
    """Write a message once more: to the booking's address, or to that of the ticket's holder.

    Raises BookingError: NOT_RESENDABLE where it no longer matters, while one like it is on its way,
    and after MOST_A_DAY of them within a day.
    """
    with transaction.atomic():
        _lock(message)
        message = Message.objects.select_related(
            "booking__event", "ticket", "waitlist_entry", "notice"
        ).get(pk=message.pk)
        if not _is_of_use(message):
            raise refusal(Refusal.NOT_RESENDABLE, "This mail is no longer of use to anyone.")
        address = _present_address(message)
        _check_not_too_many(_like(message), address)
        resend_message(message=message, recipient=address)


def send_confirmation(*, booking: Booking) -> None:
    """Write a booking's confirmation once more, or for the first time.

    Raises BookingError: NOT_RESENDABLE, as resend_to_present_address does.
    """
    with transaction.atomic():
        booking = lock_booking(booking)
        if not _has_tickets_to_come(booking):
            raise refusal(Refusal.NOT_RESENDABLE, "There is nothing to confirm any more.")
        earlier = booking.messages.filter(kind=MessageKind.CONFIRMATION)
        _check_not_too_many(earlier, booking.email)
        queue_message(
            kind=MessageKind.CONFIRMATION,
            recipient=booking.email,
            booking=booking,
            occasion=f"{RESENT}{uuid.uuid4()}",
        )


def _lock(message: Message) -> None:
    if message.booking is not None:
        lock_booking(message.booking)
    elif message.waitlist_entry is not None:
        WaitlistEntry.objects.select_for_update().get(pk=message.waitlist_entry.pk)


def _is_of_use(message: Message) -> bool:
    if message.kind == MessageKind.WAITING:
        return message.waitlist_entry is not None and message.waitlist_entry.is_waiting
    return message.booking is not None and _still_matters(message, message.booking)


def _still_matters(message: Message, booking: Booking) -> bool:
    if message.ticket is not None and message.ticket.holder_email != message.recipient:
        return False  # sent on to someone else meanwhile
    if message.kind in OF_TICKETS:
        return _has_tickets_to_come(booking)
    if message.kind == MessageKind.LETTER:
        return booking.has_valid_tickets  # such as thanks, when the event is over
    if message.kind == MessageKind.OFFER:
        return booking.is_pending and not booking.is_overdue
    return message.kind == MessageKind.CANCELLATION and not booking.event.is_over


def _has_tickets_to_come(booking: Booking) -> bool:
    return booking.has_valid_tickets and not booking.event.is_over


def _like(message: Message) -> "QuerySet[Message]":
    alike = Message.objects.filter(
        kind=message.kind,
        booking=message.booking_id,
        ticket=message.ticket_id,
        waitlist_entry=message.waitlist_entry_id,
    )
    is_letter = message.kind == MessageKind.LETTER
    return alike.filter(notice=message.notice_id) if is_letter else alike


def _check_not_too_many(alike: "QuerySet[Message]", address: str) -> None:
    if alike.filter(state=MessageState.QUEUED, recipient=address).exists():
        raise refusal(Refusal.NOT_RESENDABLE, "One is on its way already: give it a few minutes.")
    a_day_ago = timezone.now() - dt.timedelta(days=1)
    written = alike.filter(queued_at__gte=a_day_ago).exclude(state=MessageState.FAILED)
    if written.count() >= MOST_A_DAY:
        raise refusal(
            Refusal.NOT_RESENDABLE,
            f"{MOST_A_DAY} went out within a day. Please try something else than mail.",
        )


def _present_address(message: Message) -> str:
    if message.ticket is not None:
        return message.ticket.holder_email
    about = message.booking or message.waitlist_entry
    return about.email if about else message.recipient
