"""To whom a letter goes: to the buyers of confirmed bookings, and to those whom a ticket was sent
on to.
"""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from bookings.models import Booking, Notice, Ticket
from bookings.querysets import BookingQuerySet, TicketQuerySet
from events.models import EventStatus


def bookings_told(letter: Notice) -> BookingQuerySet:
    """Those whose buyers it is to. Who books after it was sent does not get it."""
    bookings = _confirmed_bookings(letter)
    if letter.is_to_absent:
        # Whoever sent a ticket on does not come with it.
        meant = _tickets(letter).filter(booking=OuterRef("pk"), holder_email="")
    elif letter.is_to_all:
        return bookings
    else:
        meant = _tickets(letter).filter(booking=OuterRef("pk"))
    return bookings.filter(Exists(meant))


def tickets_told(letter: Notice) -> TicketQuerySet:
    """Those that were sent on, and whose holders it is to."""
    return _tickets(letter).filter(booking__in=_confirmed_bookings(letter)).exclude(holder_email="")


def count_recipients(letter: Notice) -> int:
    """How many people it is to: whoever has booked twice is one."""
    buyers = bookings_told(letter).order_by().values_list(Lower("email"))
    holders = tickets_told(letter).order_by().values_list(Lower("holder_email"))
    return buyers.union(holders).count()


def first_recipient(letter: Notice) -> str:
    """The name of one of them; empty where there is none."""
    return bookings_told(letter).order_by("pk").values_list("name", flat=True).first() or ""


def _confirmed_bookings(letter: Notice) -> BookingQuerySet:
    bookings = Booking.objects.confirmed().filter(event=letter.event_id)
    bookings = bookings.exclude(event__status=EventStatus.CANCELLED)
    if letter.started_at is not None:
        bookings = bookings.filter(confirmed_at__lte=letter.started_at)
    return bookings


def _tickets(letter: Notice) -> TicketQuerySet:
    """Of the types that it is about, and of those who have not come where it is to them."""
    tickets = Ticket.objects.not_checked_in() if letter.is_to_absent else Ticket.objects.all()
    if letter.is_to_all:
        return tickets
    return tickets.filter(ticket_type__in=letter.ticket_types.all())
