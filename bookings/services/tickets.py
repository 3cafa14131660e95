"""Tickets of a confirmed booking: other names on them, and sending one on to someone else."""

from collections.abc import Mapping

from django.db import transaction

from bookings.actors import Actor, ActorRole
from bookings.codes import make_ticket_code
from bookings.exceptions import Refusal, refusal
from bookings.loading import lock_booking
from bookings.models import Booking, MessageKind, Ticket, VoidCode
from bookings.services.booking import check_nobody_is_in
from bookings.services.changes import note, note_all
from bookings.services.messages import queue_message


def rename_attendees(*, booking: Booking, names: Mapping[str, str], by: Actor) -> Booking:
    """Put other names on tickets: ``names`` by ticket code, of any of them.

    Hosts and admins can until the event is over. Raises BookingError: TICKETS_FIXED for others
    once it has started, or where a code is void, as its ticket was sent on a moment ago.
    """
    with transaction.atomic():
        booking = _lock_changeable(booking, by=by)
        tickets = {ticket.code: ticket for ticket in booking.tickets.all()}
        if not names.keys() <= tickets.keys():
            raise refusal(Refusal.TICKETS_FIXED, "One of these tickets was sent on to someone.")
        changed = [
            (ticket, names[code])
            for code, ticket in tickets.items()
            if code in names and names[code] != ticket.attendee_name
        ]
        note_all(
            booking,
            by=by,
            reasons=[
                f"Ticket {ticket.pk}: {ticket.attendee_name[:120]} became {name[:120]}."
                for ticket, name in changed
            ],
        )
        for ticket, name in changed:
            ticket.attendee_name = name
        Ticket.objects.bulk_update([ticket for ticket, _ in changed], ["attendee_name"])
    return booking


def send_on_ticket(*, ticket: Ticket, name: str, email: str, by: Actor) -> Ticket:
    """Give a ticket to someone else: in their name, with a new code that goes to them by mail. The
    old code is void at once.

    Raises BookingError: TICKETS_FIXED once the event has started, or where the ticket was sent on
    to somebody else a moment ago; CHECKED_IN where somebody came in with it.
    """
    with transaction.atomic():
        booking = _lock_changeable(ticket.booking, by=by)
        current = next(row for row in booking.tickets.all() if row.pk == ticket.pk)
        if current.code != ticket.code:
            raise refusal(Refusal.TICKETS_FIXED, "This ticket was sent on to someone already.")
        check_nobody_is_in([current])
        sender = current.attendee_name if current.holder_email else booking.name
        VoidCode.objects.create(ticket=current, code=current.code, holder_name=sender)
        current.code = make_ticket_code()
        current.attendee_name, current.holder_email = name, email
        current.save(update_fields=["code", "attendee_name", "holder_email"])
        note(booking, by=by, reason=f"Ticket {current.pk} was sent on to {name[:120]}.")
        queue_message(
            kind=MessageKind.TICKET,
            recipient=email,
            booking=booking,
            ticket=current,
            occasion=f"ticket:{current.code}",
        )
    return current


def _lock_changeable(booking: Booking, *, by: Actor) -> Booking:
    booking = lock_booking(booking)
    is_at_door = by.role in (ActorRole.HOST, ActorRole.ADMIN) and not booking.event.is_over
    if not booking.can_change_tickets and not (is_at_door and booking.has_valid_tickets):
        raise refusal(Refusal.TICKETS_FIXED, "These tickets can no longer be changed.")
    return booking
