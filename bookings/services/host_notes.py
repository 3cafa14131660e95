from django.db import transaction

from bookings.actors import Actor
from bookings.loading import lock_booking
from bookings.models import Booking
from bookings.services.changes import note


def change_host_note(*, booking: Booking, text: str, by: Actor) -> Booking:
    """What the host wants to remember of a booking. Its history says who wrote it, not what."""
    with transaction.atomic():
        booking = lock_booking(booking)
        if booking.host_note != text:
            booking.host_note = text
            booking.save(update_fields=["host_note"])
            note(booking, by=by, reason="Another note." if text else "The note was removed.")
    return booking
