"""Attendees whom a host adds by hand: a booking that is confirmed at once."""

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from bookings.actors import Actor
from bookings.exceptions import BookingError, Refusal, refusal
from bookings.models import Booking, BookingStatus, MessageKind
from bookings.payments import payment_methods_for
from bookings.services.booking import account_with
from bookings.services.changes import change_status
from bookings.services.choice import Choice, check_open
from bookings.services.expiry import release_overdue_holds
from bookings.services.inventory import TooFewLeft, check_left, claim_places, places_of
from bookings.services.messages import queue_message
from bookings.services.writing import Holder, write_hold
from events.models import TicketType


@dataclass(frozen=True, slots=True)
class GuestList(Choice):
    """Tickets that cost nothing, whatever their type does."""

    @property
    def discount(self) -> Decimal:
        return Decimal(0)

    def price_of(self, ticket_type_id: int) -> Decimal:
        return Decimal(0)


def add_attendee(
    *,
    ticket_type: TicketType,
    quantity: int,
    name: str,
    email: str,
    is_free: bool,
    idempotency_key: uuid.UUID,
    by: Actor,
) -> Booking:
    """Book for someone, and queue their confirmation. They pay at the door, unless it ``is_free``.

    Sale windows, hidden types and limits a booking or a person are for buyers: they do not count
    here. Capacity and those who wait do. The same key for the same person and tickets returns the
    booking that it made before.
    Raises BookingError: SOLD_OUT, NO_WAY_TO_PAY, KEY_REUSED, or what check_open finds.
    """
    kind = GuestList if is_free else Choice
    choice = kind(ticket_type.event, {ticket_type.pk: quantity}, {ticket_type.pk: ticket_type})
    holder = Holder(account_with(email), name, email)
    try:
        _check(choice)
        with transaction.atomic():
            return _write(choice, holder, idempotency_key, by)
    except (BookingError, TooFewLeft, IntegrityError) as error:
        # The form may have been sent before, and have taken the last places itself.
        if earlier := _earlier(idempotency_key, choice, holder):
            return earlier
        if isinstance(error, TooFewLeft):
            raise refusal(Refusal.SOLD_OUT, "Sold out meanwhile.", ticket_type.pk) from None
        raise


def _check(choice: Choice) -> None:
    """As far as can be without a claim."""
    check_open(choice.event)
    if not payment_methods_for(event=choice.event, total=choice.total):
        raise refusal(
            Refusal.NO_WAY_TO_PAY,
            "This event takes no payment at the door: add them free of charge.",
        )
    release_overdue_holds(ticket_type_ids=list(choice.quantities))
    check_left(choice.quantities)


def _write(choice: Choice, holder: Holder, idempotency_key: uuid.UUID, by: Actor) -> Booking:
    now = timezone.now()
    names = {pk: [holder.name] * quantity for pk, quantity in choice.quantities.items()}
    return write_hold(
        choice,
        holder=holder,
        idempotency_key=idempotency_key,
        expires_at=now,
        by=by,
        claim=lambda booking: _confirm(booking, choice, by),
        names=names,
    )


def _confirm(booking: Booking, choice: Choice, by: Actor) -> None:
    """The booking has its history and its mail before its places are claimed, as stock rows are
    locked last.
    """
    methods = payment_methods_for(event=choice.event, total=choice.total)
    booking.payment_method = methods[0]
    booking.confirmed_at = timezone.now()
    change_status(
        booking,
        BookingStatus.CONFIRMED,
        by=by,
        reason="Added by hand.",
        saving=["payment_method", "confirmed_at"],
    )
    queue_message(kind=MessageKind.CONFIRMATION, recipient=booking.email, booking=booking)
    claim_places(choice.quantities)


def _earlier(key: uuid.UUID, choice: Choice, holder: Holder) -> Booking | None:
    """What the key made before. Raises BookingError: KEY_REUSED for someone or something else."""
    booking = Booking.objects.prefetch_related("tickets").filter(idempotency_key=key).first()
    if booking is not None and not _is_same(booking, choice, holder):
        raise refusal(
            Refusal.KEY_REUSED,
            f"This form was sent before, for {booking.name}. Send it again to add them as well.",
        )
    return booking


def _is_same(booking: Booking, choice: Choice, holder: Holder) -> bool:
    return (
        booking.event_id == choice.event.pk
        and (booking.name, booking.email) == (holder.name, holder.email)
        and places_of([booking]) == dict(choice.quantities)
        and booking.total == choice.total
    )
