"""Claiming and giving back places. Every change of TicketStock.taken is here.

The locking protocol: a transaction that changes stock writes its booking first and its stock rows
last, in primary-key order, and does nothing slow in between. Two transactions therefore never wait
for each other in a circle, and a stock row is locked as briefly as can be. The conditional update
decides; nothing is read, computed and written back.
"""

from collections import Counter
from collections.abc import Mapping

from django.db.models import F

from bookings.exceptions import BookingError, Problem, Refusal
from bookings.models import Booking
from events.models import TicketStock

Quantities = Mapping[int, int]
"""Places by ticket type: primary key to a number above zero."""


def claim_places(quantities: Quantities) -> None:
    """Take places inside the caller's transaction, or raise BookingError for the caller to roll
    back: SOLD_OUT, with what is left now, for every ticket type that has too few.
    """
    short = [
        ticket_type_id
        for ticket_type_id, quantity in sorted(quantities.items())
        if not _claim(ticket_type_id, quantity)
    ]
    if short:
        raise BookingError(*_sold_out(short))


def release_places(quantities: Quantities) -> None:
    """Give places back inside the caller's transaction."""
    for ticket_type_id, quantity in sorted(quantities.items()):
        TicketStock.objects.filter(pk=ticket_type_id).update(taken=F("taken") - quantity)


def places_of(bookings: list[Booking]) -> Counter[int]:
    """How many places of each ticket type the bookings have together."""
    return Counter(
        ticket.ticket_type_id for booking in bookings for ticket in booking.tickets.all()
    )


def _claim(ticket_type_id: int, quantity: int) -> bool:
    return bool(
        TicketStock.objects.filter(pk=ticket_type_id, capacity__gte=F("taken") + quantity).update(
            taken=F("taken") + quantity
        )
    )


def _sold_out(ticket_type_ids: list[int]) -> list[Problem]:
    stocks = TicketStock.objects.select_related("ticket_type").in_bulk(ticket_type_ids)
    return [Problem(Refusal.SOLD_OUT, _what_is_left(stocks[pk].left), pk) for pk in ticket_type_ids]


def _what_is_left(left: int) -> str:
    if left == 0:
        return "Sold out meanwhile."
    return f"Only {left} left now."
