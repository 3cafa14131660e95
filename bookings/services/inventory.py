"""Claiming and giving back places. Every change of TicketStock's counters is here, but for repairs
(verification.py).

The locking protocol: a transaction that changes stock writes its booking first, then its entry in
a waiting list and its promo code, and its stock rows last, in primary-key order, and does nothing
slow in between. Two transactions therefore never wait for each other in a circle, and a stock row
is locked as briefly as can be. The conditional update decides; nothing is read, computed and
written back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import F

from bookings.exceptions import BookingError, Problem, Refusal
from bookings.models import Booking
from events.models import TicketStock

Quantities = Mapping[int, int]
"""Places by ticket type: primary key to a number above zero."""


class TooFewLeft(Exception):
    """A claim failed, and the transaction that it was made in must be rolled back."""


def claim_places(quantities: Quantities) -> None:
    """Take places inside the caller's transaction, or raise TooFewLeft."""
    for ticket_type_id, quantity in sorted(quantities.items()):
        if not _claim(ticket_type_id, quantity):
            raise TooFewLeft


def claim_for_first_in_line(ticket_type_id: int, quantity: int) -> None:
    """Take places for the first who waits, who waits no longer, or raise TooFewLeft."""
    stock = TicketStock.objects.filter(
        pk=ticket_type_id, capacity__gte=F("taken") + quantity, waiting__gt=0
    )
    if not stock.update(taken=F("taken") + quantity, waiting=F("waiting") - 1):
        raise TooFewLeft


def check_left(quantities: Quantities) -> None:
    """Raise BookingError: SOLD_OUT, with what is left, at each ticket type that has too few now.

    It locks nothing and promises nothing: it spares those who come too late the writing.
    """
    stocks = TicketStock.objects.in_bulk(quantities)
    short = [
        Problem(Refusal.SOLD_OUT, _what_is_left(stocks[pk]), pk)
        for pk, quantity in quantities.items()
        if stocks[pk].for_sale < quantity
    ]
    if short:
        raise BookingError(*short)


def give_back_places(quantities: Quantities) -> None:
    """Give places back inside the caller's transaction."""
    for ticket_type_id, quantity in sorted(quantities.items()):
        TicketStock.objects.filter(pk=ticket_type_id).update(taken=F("taken") - quantity)


def move_place(*, leaving: int, taking: int) -> None:
    """Give back a place of one ticket type for one of another, both rows in primary-key order,
    inside the caller's transaction, or raise TooFewLeft.
    """
    for ticket_type_id in sorted((leaving, taking)):
        if ticket_type_id == leaving:
            give_back_places({leaving: 1})
        else:
            claim_places({taking: 1})


def add_to_line(ticket_type_id: int) -> None:
    """Count one more who waits, inside the transaction that writes the entry."""
    TicketStock.objects.filter(pk=ticket_type_id).update(waiting=F("waiting") + 1)


def take_from_line(ticket_type_id: int) -> None:
    """Count one less, inside the transaction that changes the entry."""
    TicketStock.objects.filter(pk=ticket_type_id).update(waiting=F("waiting") - 1)


def places_of(bookings: Iterable[Booking]) -> Counter[int]:
    """How many places of each ticket type the bookings have together."""
    return Counter(
        ticket.ticket_type_id for booking in bookings for ticket in booking.tickets.all()
    )


def _claim(ticket_type_id: int, quantity: int) -> bool:
    stock = TicketStock.objects.filter(
        pk=ticket_type_id, capacity__gte=F("taken") + quantity, waiting=0
    )
    return bool(stock.update(taken=F("taken") + quantity))


def _what_is_left(stock: TicketStock) -> str:
    if stock.waiting and stock.left:
        return "What is left goes to the waiting list first."
    return f"Only {stock.left} left now." if stock.left else "Sold out meanwhile."
