"""Bookings and tickets as rows of a table, for a CSV file."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from bookings.models import Booking, Ticket
from events.localtime import local_minute

BOOKING_HEADER = (
    "reference",
    "event",
    "event starts",
    "status",
    "name",
    "e-mail",
    "tickets",
    "total",
    "currency",
    "payment",
    "booked",
    "confirmed",
    "cancelled",
)
TICKET_HEADER = (
    "code",
    "event",
    "event starts",
    "ticket type",
    "attendee",
    "price",
    "currency",
    "booking",
    "status",
    "booked by",
    "e-mail",
)


def booking_rows(bookings: QuerySet[Booking]) -> Iterator[list[object]]:
    """Of BookingAdmin's bookings, with times on the clock of each event."""
    return map(_booking_row, bookings.select_related("event").iterator())


def ticket_rows(tickets: QuerySet[Ticket]) -> Iterator[list[object]]:
    tickets = tickets.select_related("booking__event", "ticket_type")
    return map(_ticket_row, tickets.iterator())


def _booking_row(booking: Any) -> list[object]:
    event = booking.event
    return [
        booking.reference,
        event.title,
        local_minute(event.starts_at, event.timezone),
        booking.get_status_display(),
        booking.name,
        booking.email,
        booking.ticket_count,
        booking.total,
        booking.currency,
        booking.get_payment_method_display(),
        local_minute(booking.created_at, event.timezone),
        local_minute(booking.confirmed_at, event.timezone),
        local_minute(booking.cancelled_at, event.timezone),
    ]


def _ticket_row(ticket: Ticket) -> list[object]:
    booking = ticket.booking
    return [
        ticket.code,
        booking.event.title,
        local_minute(booking.event.starts_at, booking.event.timezone),
        ticket.ticket_type.name,
        ticket.attendee_name,
        ticket.price,
        booking.currency,
        booking.reference,
        booking.get_status_display(),
        booking.name,
        booking.email,
    ]
