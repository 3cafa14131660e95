"""What becomes of a hold: confirmed, cancelled, attached to an account."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from bookings.exceptions import Refusal, refusal
from bookings.mail import send_confirmation
from bookings.models import Booking, BookingStatus, PaymentMethod, Ticket
from bookings.payments import payment_methods_for
from bookings.services.holding import check_open
from bookings.services.inventory import places_of, release_places

if TYPE_CHECKING:
    from accounts.models import User


def confirm_booking(
    *,
    booking: Booking,
    name: str,
    email: str,
    attendee_names: Mapping[int, str],
    payment_method: PaymentMethod,
    user: "User | None" = None,
) -> Booking:
    """Turn a hold into a booking and queue its confirmation mail, in one transaction.

    ``attendee_names`` are by ticket primary key. A hold that is nobody's goes to ``user``, or to
    the account that has proven the address to be its own. Confirming again returns the confirmed
    booking as it is. Raises BookingError: HOLD_EXPIRED, NOT_PENDING, NO_WAY_TO_PAY, or what
    check_open finds.
    """
    with transaction.atomic():
        booking = _lock(booking)
        if booking.is_confirmed:
            return booking
        _check_confirmable(booking, payment_method)
        booking.name, booking.email = name, email
        booking.user = booking.user or user or _account_with(email)
        booking.payment_method = payment_method
        booking.status = BookingStatus.CONFIRMED
        booking.confirmed_at = timezone.now()
        booking.save()
        _name_attendees(booking, attendee_names)
        send_confirmation.defer(booking_id=booking.pk)
    return booking


def keep_details(
    *, booking: Booking, name: str, email: str, attendee_names: Mapping[int, str]
) -> None:
    """Keep what was typed, right or wrong, for the next try; of a hold, not of a booking."""
    with transaction.atomic():
        booking = _lock(booking)
        if booking.is_pending or booking.is_overdue:
            booking.name, booking.email = name, email
            booking.save(update_fields=["name", "email"])
            _name_attendees(booking, attendee_names)


def give_back_hold(*, booking: Booking) -> Booking:
    """Cancel a hold, and nothing but a hold. Raises NOT_PENDING once it was confirmed."""
    with transaction.atomic():
        booking = _lock(booking)
        if booking.is_confirmed:
            raise refusal(Refusal.NOT_PENDING, "This booking is confirmed already.")
        if booking.is_pending:
            _end(booking)
    return booking


def cancel_booking(*, booking: Booking) -> Booking:
    """Cancel a hold or a booking and free its places at once. Cancelling again changes nothing.

    Raises BookingError: NOT_CANCELLABLE once the event has started or the hold has expired.
    """
    with transaction.atomic():
        booking = _lock(booking)
        if booking.status == BookingStatus.CANCELLED:
            return booking
        if not booking.can_be_cancelled:
            raise refusal(Refusal.NOT_CANCELLABLE, "This booking can no longer be cancelled.")
        _end(booking)
    return booking


def attach_guest_bookings(*, user: "User", verified_email: str) -> int:
    """Give someone the bookings made as a guest with an address that is proven to be theirs."""
    return Booking.objects.filter(user=None, email__iexact=verified_email).update(user=user)


def _account_with(verified_email: str) -> "User | None":
    address = EmailAddress.objects.filter(email__iexact=verified_email, verified=True).first()
    return address.user if address else None


def _end(booking: Booking) -> None:
    booking.status = BookingStatus.CANCELLED
    booking.cancelled_at = timezone.now()
    booking.save(update_fields=["status", "cancelled_at"])
    release_places(places_of([booking]))


def _lock(booking: Booking) -> Booking:
    return (
        Booking.objects.select_related("event")
        .prefetch_related("tickets")
        .select_for_update(of=("self",))
        .get(pk=booking.pk)
    )


def _check_confirmable(booking: Booking, payment_method: PaymentMethod) -> None:
    if booking.is_overdue:
        raise refusal(
            Refusal.HOLD_EXPIRED, "The time ran out and the places went back. Please choose again."
        )
    if not booking.is_pending:
        raise refusal(Refusal.NOT_PENDING, "This booking was cancelled.")
    check_open(booking.event)
    if payment_method not in payment_methods_for(event=booking.event, total=booking.total):
        raise refusal(Refusal.NO_WAY_TO_PAY, "Choose how to pay.")


def _name_attendees(booking: Booking, names: Mapping[int, str]) -> None:
    tickets = list(booking.tickets.all())
    for ticket in tickets:
        ticket.attendee_name = names.get(ticket.pk, "")
    Ticket.objects.bulk_update(tickets, ["attendee_name"])
