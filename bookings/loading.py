"""What each step of a booking loads of it, by queries that are put together once."""

from django.db.models import QuerySet

from bookings.models import Booking, Question, Ticket
from eventmate.kept_queries import KeptQuery, Parameter, attach


def _for_page() -> QuerySet[Booking]:
    bookings = Booking.objects.for_page().prefetch_related(None)
    return bookings.filter(reference=Parameter("reference")).order_by()


def _locked() -> QuerySet[Booking]:
    return Booking.objects.filter(pk=Parameter("pk")).order_by().select_for_update()


def _tickets() -> QuerySet[Ticket]:
    return Ticket.objects.filter(booking_id=Parameter("booking")).select_related("ticket_type")


def _asked() -> QuerySet[Question]:
    return Question.objects.asked().filter(event_id=Parameter("event"))


FOR_PAGE, LOCKED = KeptQuery(_for_page), KeptQuery(_locked)
TICKETS, ASKED = KeptQuery(_tickets), KeptQuery(_asked)


def find_booking(reference: str) -> Booking | None:
    """With all that its own pages show, as ``for_page`` loads it: two queries."""
    for booking in FOR_PAGE.rows(reference=reference):
        return _with_tickets(booking)
    return None


def lock_booking(booking: Booking) -> Booking:
    """The booking as it is now, with its tickets, which nobody else changes until the caller's
    transaction ends: two queries. Raises Booking.DoesNotExist.

    Its event is read when it is asked for. One that came with the row would be as it was before
    the wait for the lock.
    """
    for locked in LOCKED.rows(pk=booking.pk):
        return _with_tickets(locked)
    raise Booking.DoesNotExist


def questions_asked(event_id: int) -> list[Question]:
    """Of those who book now, in the order of the host."""
    return ASKED.rows(event=event_id)


def _with_tickets(booking: Booking) -> Booking:
    tickets = TICKETS.rows(booking=booking.pk)
    for ticket in tickets:
        ticket.booking = booking
    attach(booking, "tickets", tickets)
    return booking
