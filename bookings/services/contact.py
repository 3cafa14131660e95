"""Putting right who a booking is for, with a record of it."""

from collections.abc import Mapping

from django.db import transaction

from bookings.actors import Actor
from bookings.loading import lock_booking
from bookings.models import Booking
from bookings.services.booking import account_with
from bookings.services.changes import note
from bookings.services.resending import send_confirmation

LABELS = {"name": "Name", "email": "E-mail address", "user": "Account"}
SHOWN = 120  # characters of a value, so that both fit in a record


def change_buyer(*, booking: Booking, changes: Mapping[str, object], by: Actor) -> Booking:
    """Store another ``name``, ``email`` or ``user``, each with a note in the history. Nobody is
    told.
    """
    with transaction.atomic():
        booking = lock_booking(booking)
        for field, value in changes.items():
            before = getattr(booking, field)
            if before == value:
                continue
            setattr(booking, field, value)
            note(
                booking,
                by=by,
                reason=f"{LABELS[field]}: {_shown(before)} became {_shown(value)}.",
            )
        booking.save(update_fields=list(changes))
    return booking


def change_email(*, booking: Booking, email: str, by: Actor) -> Booking:
    """Send the confirmation once more, to an address that the booking keeps from now on.

    Raises BookingError: NOT_RESENDABLE, and then the address stays as it was.
    """
    with transaction.atomic():
        changes: dict[str, object] = {"email": email}
        if booking.user_id and booking.changes.filter(before="", actor=None).exists():
            # Booked by a guest, and given to an account for an address that was wrong.
            changes["user"] = account_with(email)
        booking = change_buyer(booking=booking, changes=changes, by=by)
        send_confirmation(booking=booking)
    return booking


def _shown(value: object) -> str:
    text = str(value) if value else "nothing"
    return text[:SHOWN]
