"""To whom a letter goes: to the buyers of confirmed bookings, and to those whom a ticket was sent
on to.
"""

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

from bookings.models import Booking, Notice, Ticket
from bookings.querysets import BookingQuerySet
from events.models import EventStatus


def bookings_told(letter: Notice) -> BookingQuerySet:
    """Those whose buyers it is to. Who books after it was sent does not get it."""
    bookings = Booking.objects.confirmed().filter(event=letter.event_id)
    bookings = bookings.exclude(event__status=EventStatus.CANCELLED)
    if letter.started_at is not None:
        bookings = bookings.filter(confirmed_at__lte=letter.started_at)
    if letter.is_to_all:
        return bookings
    tickets = Ticket.objects.filter(ticket_type__in=letter.ticket_types.all())
    return bookings.filter(Exists(tickets.filter(booking=OuterRef("pk"))))


def tickets_told(letter: Notice) -> "QuerySet[Ticket]":
    """Those that were sent on, and whose holders it is to."""
    tickets = Ticket.objects.filter(booking__in=bookings_told(letter)).exclude(holder_email="")
    if letter.is_to_all:
        return tickets
    return tickets.filter(ticket_type__in=letter.ticket_types.all())


def count_recipients(letter: Notice) -> int:
    """How many people it is to: whoever has booked twice is one."""
    buyers = bookings_told(letter).order_by().values_list(Lower("email"))
    holders = tickets_told(letter).order_by().values_list(Lower("holder_email"))
    return buyers.union(holders).count()


def first_recipient(letter: Notice) -> str:
    """The name of one of them; empty where there is none."""
    return bookings_told(letter).order_by("pk").values_list("name", flat=True).first() or ""
