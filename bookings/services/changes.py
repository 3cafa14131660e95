"""Every change of a booking's status, and the record of it. Nothing else sets a status."""

from collections.abc import Iterable

from bookings.actors import Actor
from bookings.metrics import count_change
from bookings.models import Booking, BookingChange, BookingStatus


def note_beginning(booking: Booking, *, by: Actor, reason: str = "") -> None:
    """Record that a booking was made, in the transaction that made it."""
    _record([booking], before="", by=by, reasons=[reason])
    count_change(BookingStatus.PENDING)


def change_status(
    booking: Booking, to: BookingStatus, *, by: Actor, reason: str = "", saving: Iterable[str] = ()
) -> None:
    """Store a new status, with the other fields in ``saving`` that belong to it, and record it.

    The caller's transaction has locked the booking. A trigger refuses a change that
    bookings/states.py does not list.
    """
    before, booking.status = booking.status, to
    booking.save(update_fields=["status", *saving])
    _record([booking], before=before, by=by, reasons=[reason])
    count_change(to)


def expire(bookings: list[Booking], *, by: Actor) -> None:
    """Expire holds that the caller's transaction has locked."""
    Booking.objects.filter(pk__in=[booking.pk for booking in bookings]).update(
        status=BookingStatus.EXPIRED
    )
    for booking in bookings:
        booking.status = BookingStatus.EXPIRED
    _record(bookings, before=BookingStatus.PENDING, by=by, reasons=["The time ran out."])
    count_change(BookingStatus.EXPIRED, bookings=len(bookings))


def note(booking: Booking, *, by: Actor, reason: str) -> None:
    """Record something that changed, but not the status."""
    note_all(booking, by=by, reasons=[reason])


def note_all(booking: Booking, *, by: Actor, reasons: Iterable[str]) -> None:
    """Record several such things."""
    _record([booking], before=booking.status, by=by, reasons=reasons)


def _record(bookings: Iterable[Booking], *, before: str, by: Actor, reasons: Iterable[str]) -> None:
    BookingChange.objects.bulk_create(
        BookingChange(
            booking=booking,
            before=before,
            after=booking.status,
            role=by.role,
            actor=by.user,
            reason=reason,
        )
        for booking in bookings
        for reason in reasons
    )
