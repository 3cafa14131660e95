"""Who comes in: with each ticket once, whoever lets them in, until it is undone."""

import uuid
from typing import TYPE_CHECKING, Any

from django.db import transaction

from bookings.actors import Actor
from bookings.exceptions import Refusal, refusal
from bookings.loading import lock_booking
from bookings.models import Booking, CheckIn, CheckInWay, Ticket
from bookings.services.changes import note
from events.models import Event

if TYPE_CHECKING:
    from accounts.models import User


def check_in_ticket(
    *,
    ticket: Ticket,
    event: Event,
    how: CheckInWay,
    by: "User",
    key: uuid.UUID | None = None,
) -> CheckIn:
    """Let somebody in to the event. A form that is sent twice, which its ``key`` tells, lets them
    in once, and is told so twice.

    Raises BookingError: OTHER_EVENT; NOT_VALID where the ticket opens no door; CHECKED_IN where
    somebody came in with it before, with when and by whom.
    """
    with transaction.atomic():
        _check_valid(ticket, event)
        check_in, is_new = _enter(
            ticket, {"event": event, "how": how, "checked_in_by": by, "key": key}
        )
    if not is_new and (key is None or check_in.key != key):
        raise refusal(Refusal.CHECKED_IN, f"Checked in already: {check_in.said(event)}.")
    return check_in


def undo_check_in(*, ticket: Ticket, by: Actor) -> bool:
    """Make the ticket one that nobody came in with. Returns whether somebody had."""
    with transaction.atomic():
        booking = lock_booking(ticket.booking)
        check_in = CheckIn.objects.select_related("checked_in_by").filter(ticket=ticket).first()
        if check_in is None:
            return False
        reason = f"Ticket {ticket.pk} was checked in: {check_in.said(booking.event)}. Undone."
        check_in.delete()
        note(booking, by=by, reason=reason)
    return True


def _check_valid(ticket: Ticket, event: Event) -> None:
    """And keep it so until the caller's transaction ends."""
    if ticket.booking.event_id != event.pk:
        raise refusal(Refusal.OTHER_EVENT, "This ticket is for another event.")
    booking = _keep_booking(ticket.booking_id)
    booking.event = event
    if event.is_cancelled:
        raise refusal(Refusal.NOT_VALID, "The event is cancelled.")
    if not booking.is_confirmed:
        raise refusal(Refusal.NOT_VALID, f"The booking is {booking.get_status_display().lower()}.")
    if not Ticket.objects.filter(pk=ticket.pk, code=ticket.code).exists():
        raise refusal(
            Refusal.NOT_VALID, "This ticket was sent on to somebody, who has a new code for it."
        )


def _keep_booking(booking_id: int) -> Booking:
    """A lock that many can have at once, so that the tickets of a booking do not wait for each
    other, and that whoever cancels or changes the booking waits for.
    """
    rows = Booking.objects.raw(
        "SELECT * FROM bookings_booking WHERE id = %s FOR KEY SHARE", [booking_id]
    )
    return rows[0]


def _enter(ticket: Ticket, defaults: dict[str, Any]) -> tuple[CheckIn, bool]:
    return CheckIn.objects.select_related("checked_in_by").get_or_create(
        ticket=ticket, defaults=defaults
    )
