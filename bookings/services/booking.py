"""What becomes of a hold: confirmed, given back, cancelled, attached to an account."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from bookings.actors import SYSTEM, Actor, ActorRole
from bookings.exceptions import Refusal, refusal
from bookings.loading import lock_booking
from bookings.models import (
    Booking,
    BookingStatus,
    CheckIn,
    MessageKind,
    Notice,
    PaymentMethod,
    Ticket,
    WaitlistEntry,
)
from bookings.payments import payment_methods_for
from bookings.services.answers import write_answers
from bookings.services.changes import change_status, note
from bookings.services.choice import check_open
from bookings.services.messages import queue_for_all_of, queue_message
from bookings.services.person_limits import check_person_may_confirm
from bookings.services.releasing import release
from bookings.services.waitlist import wait_for_the_rest

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
    answers: Mapping[str, str] | None = None,
) -> Booking:
    """Turn a hold into a booking and queue its confirmation mail, in one transaction.

    ``attendee_names`` are by ticket primary key, ``answers`` by Question.key. A hold that is
    nobody's goes to ``user``, or to the account that has proven the address to be its own.
    Confirming again returns the confirmed booking as it is. Raises BookingError: HOLD_EXPIRED,
    NOT_PENDING, NO_WAY_TO_PAY, TOO_MANY_FOR_PERSON, or what check_open finds.
    """
    with transaction.atomic():
        booking = lock_booking(booking)
        if booking.is_confirmed:
            return booking
        _check_confirmable(booking, payment_method)
        booking.name, booking.email = name, email
        booking.user = booking.user or user or account_with(email)
        check_person_may_confirm(booking)
        booking.payment_method = payment_method
        booking.confirmed_at = timezone.now()
        booking.typed_answers = {}
        change_status(
            booking,
            BookingStatus.CONFIRMED,
            by=Actor.buyer(user),
            saving=["name", "email", "user", "payment_method", "confirmed_at", "typed_answers"],
        )
        _name_attendees(booking, attendee_names)
        write_answers(booking=booking, answers=answers or {})
        queue_message(kind=MessageKind.CONFIRMATION, recipient=email, booking=booking)
        if booking.is_offer:
            wait_for_the_rest(booking)
    return booking


def keep_details(
    *,
    booking: Booking,
    name: str,
    email: str,
    attendee_names: Mapping[int, str],
    answers: Mapping[str, str] | None = None,
) -> None:
    """Keep what was typed, right or wrong, for the next try; of a hold, not of a booking."""
    with transaction.atomic():
        booking = lock_booking(booking)
        if booking.is_pending or booking.is_overdue:
            booking.name, booking.email = name, email
            booking.typed_answers = dict(answers or {})
            booking.save(update_fields=["name", "email", "typed_answers"])
            _name_attendees(booking, attendee_names)


def give_back_hold(*, booking: Booking, by: Actor) -> Booking:
    """Cancel a hold, and nothing but a hold. Raises NOT_PENDING once it was confirmed."""
    with transaction.atomic():
        booking = lock_booking(booking)
        if booking.is_confirmed:
            raise refusal(Refusal.NOT_PENDING, "This booking is confirmed already.")
        if booking.is_pending:
            end_bookings([booking], by=by, reason="Given back.")
    return booking


def cancel_booking(*, booking: Booking, by: Actor, reason: str = "") -> Booking:
    """Cancel a hold or a booking, free its places at once, and tell its buyer and whoever has a
    ticket that was sent on. Cancelling again changes nothing.

    Buyers can until the host's deadline; hosts and admins always. Raises BookingError:
    NOT_CANCELLABLE, CHECKED_IN.
    """
    with transaction.atomic():
        booking = lock_booking(booking)
        if booking.status == BookingStatus.CANCELLED:
            return booking
        may_always = by.role != ActorRole.BUYER and (booking.is_confirmed or booking.is_pending)
        if not may_always and not booking.can_be_cancelled:
            raise refusal(Refusal.NOT_CANCELLABLE, "This booking can no longer be cancelled.")
        check_nobody_is_in(booking.tickets.all())
        end_bookings([booking], by=by, reason=reason)
    return booking


def end_bookings(
    bookings: Sequence[Booking], *, by: Actor, reason: str = "", notice: Notice | None = None
) -> None:
    """Cancel bookings that the caller's transaction has locked, and tell those who have tickets
    of the ones that were confirmed.
    """
    for booking in bookings:
        was_confirmed = booking.is_confirmed
        booking.cancelled_at = timezone.now()
        change_status(
            booking, BookingStatus.CANCELLED, by=by, reason=reason, saving=["cancelled_at"]
        )
        if was_confirmed or (booking.is_offer and notice):
            queue_for_all_of(booking, kind=MessageKind.CANCELLATION, notice=notice)
    release(bookings)


def check_nobody_is_in(tickets: Iterable[Ticket]) -> None:
    """Of a booking that the caller's transaction has locked. Raises CHECKED_IN."""
    if CheckIn.objects.filter(ticket__in=list(tickets)).exists():
        raise refusal(
            Refusal.CHECKED_IN,
            "Somebody came in with this already. It stays as it is, unless the check-in is undone.",
        )


def attach_guest_bookings(*, user: "User", verified_email: str) -> int:
    """Give someone the bookings made as a guest with an address that is proven to be theirs, and
    their places in waiting lists. Returns how many bookings.
    """
    WaitlistEntry.objects.filter(user=None, email__iexact=verified_email).update(user=user)
    with transaction.atomic():
        theirs = Booking.objects.filter(user=None, email__iexact=verified_email)
        bookings = list(theirs.order_by("pk").select_for_update())
        Booking.objects.filter(pk__in=[row.pk for row in bookings]).update(user=user)
        for booking in bookings:
            note(booking, by=SYSTEM, reason="Given to the account with this e-mail address.")
    return len(bookings)


def account_with(verified_email: str) -> "User | None":
    """Whose address it is, as far as somebody has proven that."""
    address = EmailAddress.objects.filter(email__iexact=verified_email, verified=True).first()
    return address.user if address else None


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
    renamed = [
        ticket
        for ticket in booking.tickets.all()
        if ticket.attendee_name != names.get(ticket.pk, "")
    ]
    for ticket in renamed:
        ticket.attendee_name = names.get(ticket.pk, "")
    Ticket.objects.bulk_update(renamed, ["attendee_name"])
