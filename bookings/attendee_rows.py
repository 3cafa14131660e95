"""Attendees as rows of a table, for a file that a host takes along."""

from collections.abc import Iterable, Iterator

from bookings.answers import answers_of
from bookings.models import Question, Ticket
from eventmate.middleware.connections import release
from events.localtime import local_minute
from events.models import Event

HEADER = (
    "attendee",
    "ticket type",
    "status",
    "booking",
    "booked by",
    "e-mail",
    "sent on to",
    "price",
    "currency",
    "payment",
    "booked",
    "checked in",
    "note",
)


def header_of(questions: Iterable[Question]) -> list[str]:
    return [*HEADER, *(question.text for question in questions)]


def batches_of_rows(
    batches: Iterable[list[Ticket]], event: Event, questions: list[Question]
) -> Iterator[list[list[object]]]:
    """With times on the clock of the event, and a column for each question. Codes open doors, and
    stay out. Between two batches no connection to the database is held: whoever reads them may be
    slow.
    """
    for tickets in batches:
        answers = answers_of([ticket.booking for ticket in tickets]) if questions else None
        release()
        yield [
            [*_row(ticket, event), *(answers.row_of(ticket, questions) if answers else ())]
            for ticket in tickets
        ]


def _row(ticket: Ticket, event: Event) -> list[object]:
    booking = ticket.booking
    return [
        ticket.attendee_name or booking.name,
        ticket.ticket_type.name,
        booking.get_status_display(),
        booking.reference,
        booking.name,
        booking.email,
        ticket.holder_email,
        ticket.price,
        booking.currency,
        booking.get_payment_method_display(),
        local_minute(booking.created_at, event.timezone),
        local_minute(ticket.check_in.checked_in_at, event.timezone) if ticket.is_checked_in else "",
        booking.host_note,
    ]
