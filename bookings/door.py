"""What is read at the door: how many are in, and whose ticket somebody shows or asks for."""

from dataclasses import dataclass

from django.db.models import Sum

from bookings.attendees import page_of_attendees
from bookings.codes import ALPHABET, TICKET_CODE_LENGTH
from bookings.models import BookingStatus, CheckIn, Ticket, VoidCode
from bookings.querysets import TicketQuerySet
from bookings.ticket_codes import (
    ForgedTicketCode,
    UnreadableTicketCode,
    read_ticket_code,
    unify_code,
)
from events.models import Event

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many came in, and with how many tickets somebody could."""

    inside: int
    expected: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a text stands for: one ticket, whose code it is; or people who are like that, perhaps
    more than are shown; or nothing, with what is wrong with the code if it is one.
    """

    ticket: Ticket | None = None
    people: tuple[Ticket, ...] = ()
    has_more: bool = False
    problem: str = ""


def attendance_of(event: Event) -> Attendance:
    """Three queries, of which none reads the tickets that are booked."""
    taken = event.ticket_types.aggregate(taken=Sum("stock__taken"))["taken"] or 0
    held = Ticket.objects.filter(booking__event=event, booking__status=BookingStatus.PENDING)
    return Attendance(
        inside=CheckIn.objects.filter(event=event).count(),
        expected=taken - held.count(),
    )


def find_at_door(text: str, event: Event) -> Found:
    """By a code as it is scanned or typed, the ticket, of whatever event. By all else, attendees of
    this event; cancelled ones too, as they may come.
    """
    code, problem = _read_code(text)
    if code:
        if ticket := tickets_at_door().filter(code=code).first():
            return Found(ticket=ticket)
        if VoidCode.objects.filter(code=code, ticket__booking__event=event).exists():
            problem = "This ticket was sent on to somebody, who has a new code for it."
    tickets = Ticket.objects.filter(
        booking__status__in=[BookingStatus.CONFIRMED, BookingStatus.CANCELLED]
    )
    ticket_types = list(event.ticket_types.values_list("pk", flat=True))
    # What begins like a code, and is signed by somebody else, finds nobody.
    alike = tickets.matching(text, event_id=event.pk).exclude(
        code=unify_code(text)[:TICKET_CODE_LENGTH]
    )
    page = page_of_attendees(alike, ticket_types, size=MOST_FOUND)
    if not page.tickets:
        return Found(problem=problem)
    for ticket in page.tickets:
        ticket.booking.event = event
    people = sorted(page.tickets, key=_who_waits_first)
    return Found(people=tuple(people), has_more=page.older is not None)


def tickets_at_door() -> TicketQuerySet:
    return Ticket.objects.select_related("booking", "ticket_type", "check_in")


def _read_code(text: str) -> tuple[str, str]:
    """A code that a text may be, and what is wrong with it. A name of sixteen letters may look
    like one as well.
    """
    try:
        return read_ticket_code(text), ""
    except ForgedTicketCode as error:
        return "", str(error)
    except UnreadableTicketCode:
        code = unify_code(text)
        is_code = len(code) == TICKET_CODE_LENGTH and set(code) <= set(ALPHABET)
        return (code if is_code else ""), ""


def _who_waits_first(ticket: Ticket) -> tuple[bool, bool, str, int]:
    is_cancelled = not ticket.booking.is_confirmed
    return is_cancelled, ticket.is_checked_in, ticket.attendee_name.casefold(), ticket.pk
