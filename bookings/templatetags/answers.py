"""What was answered for a booking, and for its tickets."""

from collections.abc import Sequence

from django import template

from bookings.answers import Answers
from bookings.models import Answer, Booking, Ticket

register = template.Library()


@register.filter
def of_booking(answers: Answers, booking: Booking) -> Sequence[Answer]:
    return answers.of_booking(booking)


@register.filter
def of_ticket(answers: Answers, ticket: Ticket) -> Sequence[Answer]:
    return answers.of_ticket(ticket)
