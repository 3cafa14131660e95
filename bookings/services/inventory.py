"""Claiming and giving back places. Every change of TicketStock's counters, and of what several
ticket types share, is here, but for repairs (verification.py) and for what a host does with ticket
types (events/services/shared_capacities.py).

The locking protocol: a transaction that changes stock writes its booking first, then its entry in
a waiting list and its promo code, and its stock rows last, in primary-key order, and after all of
them the rows of what those share, in primary-key order too; and does nothing slow in between. Two
transactions therefore never wait for each other in a circle, and a row is locked as briefly as can
be, that which most want the briefest. The conditional update decides; nothing is read, computed
and written back. What a stock shares is read by the statement that locks it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from bookings.exceptions import BookingError, Problem, Refusal
from bookings.models import Booking
from events.models import TicketStock

Quantities = Mapping[int, int]
"""Places by ticket type: primary key to a number above zero."""

CLAIM = """
    UPDATE events_ticketstock SET taken = taken + %(quantity)s
     WHERE ticket_type_id = %(ticket_type)s AND taken + %(quantity)s <= capacity AND waiting = 0
    RETURNING shared_capacity_id
"""
CLAIM_FOR_FIRST_IN_LINE = """
    UPDATE events_ticketstock SET taken = taken + %(quantity)s, waiting = waiting - 1
     WHERE ticket_type_id = %(ticket_type)s AND taken + %(quantity)s <= capacity AND waiting > 0
    RETURNING shared_capacity_id
"""
GIVE_BACK = """
    UPDATE events_ticketstock SET taken = taken - %(quantity)s
     WHERE ticket_type_id = %(ticket_type)s
    RETURNING shared_capacity_id
"""
# Somebody is in line for one of the types, and could be offered what is left.
IS_WAITED_FOR = """
    EXISTS (
        SELECT 1 FROM events_ticketstock AS stock
          JOIN events_tickettype AS ticket_type ON ticket_type.id = stock.ticket_type_id
          JOIN events_event AS event ON event.id = ticket_type.event_id
         WHERE stock.shared_capacity_id = shared.id AND stock.waiting > 0
           AND ticket_type.min_per_booking
               <= least(stock.capacity - stock.taken, shared.capacity - shared.taken)
           AND coalesce(ticket_type.sales_start, %(now)s) <= %(now)s
           AND coalesce(ticket_type.sales_end, event.starts_at) > %(now)s
           AND (ticket_type.price = 0 OR event.allows_pay_at_door)
    )
"""
CLAIM_SHARED_FOR_FIRST_IN_LINE = """
    UPDATE events_sharedcapacity AS shared SET taken = taken + %(quantity)s
     WHERE id = %(shared)s AND taken + %(quantity)s <= capacity
"""
# Nobody waits but for types that are sold out by themselves: it is nearly always so, and is found
# out in a fraction of the time.
CLAIM_SHARED_WITHOUT_LINE = """
    UPDATE events_sharedcapacity SET taken = taken + %(quantity)s
     WHERE id = %(shared)s AND taken + %(quantity)s <= capacity AND NOT EXISTS (
            SELECT 1 FROM events_ticketstock
             WHERE shared_capacity_id = %(shared)s AND waiting > 0 AND taken < capacity
       )
"""
CLAIM_SHARED = f"{CLAIM_SHARED_FOR_FIRST_IN_LINE} AND NOT {IS_WAITED_FOR}"
GIVE_BACK_SHARED = """
    UPDATE events_sharedcapacity SET taken = taken - %(quantity)s WHERE id = %(shared)s
"""
FOR_THE_LINE = f"""
    SELECT id FROM events_sharedcapacity AS shared WHERE id = ANY (%(shared)s) AND {IS_WAITED_FOR}
"""  # noqa: S608  # constants


class TooFewLeft(Exception):
    """A claim failed, and the transaction that it was made in must be rolled back."""


def claim_places(quantities: Quantities) -> None:
    """Take places inside the caller's transaction, or raise TooFewLeft."""
    shared: Counter[int] = Counter()
    for ticket_type_id, quantity in sorted(quantities.items()):
        shared.update(dict.fromkeys(_claim(ticket_type_id, quantity), quantity))
    _change_shared(shared)


def claim_for_first_in_line(ticket_type_id: int, quantity: int) -> None:
    """Take places for the first who waits, who waits no longer, or raise TooFewLeft."""
    stocks = _update(CLAIM_FOR_FIRST_IN_LINE, ticket_type_id, quantity)
    if not stocks:
        raise TooFewLeft
    _change_shared(Counter(dict.fromkeys(_shared(stocks), quantity)), is_offer=True)


def check_left(quantities: Quantities, *, leaving: int | None = None) -> None:
    """Raise BookingError: SOLD_OUT, with what is left, at each ticket type that has too few now.
    ``leaving`` is the ticket type whose place is given back for it.

    It locks nothing and promises nothing: it spares those who come too late the writing.
    """
    stocks = TicketStock.objects.select_related("shared_capacity").in_bulk(
        [*quantities, *([leaving] if leaving else [])]
    )
    together: Counter[int] = Counter()
    for pk, quantity in quantities.items():
        together[stocks[pk].shared_capacity_id or 0] += quantity
    if leaving:
        together[stocks[leaving].shared_capacity_id or 0] -= 1
    for_the_line = _for_the_line(together)
    short = [
        Problem(Refusal.SOLD_OUT, what, pk)
        for pk, quantity in quantities.items()
        if (what := _why_too_few(stocks[pk], quantity, together, for_the_line))
    ]
    if short:
        raise BookingError(*short)


def give_back_places(quantities: Quantities) -> None:
    """Give places back inside the caller's transaction."""
    shared: Counter[int] = Counter()
    for ticket_type_id, quantity in sorted(quantities.items()):
        stocks = _update(GIVE_BACK, ticket_type_id, quantity)
        shared.update(dict.fromkeys(_shared(stocks), -quantity))
    _change_shared(shared)


def move_place(*, leaving: int, taking: int) -> None:
    """Give back a place of one ticket type for one of another, both rows in primary-key order,
    inside the caller's transaction, or raise TooFewLeft. What both share stays as it is.
    """
    shared: Counter[int] = Counter()
    for ticket_type_id in sorted((leaving, taking)):
        if ticket_type_id == leaving:
            shared.update(dict.fromkeys(_shared(_update(GIVE_BACK, leaving, 1)), -1))
        else:
            shared.update(dict.fromkeys(_claim(taking, 1), 1))
    _change_shared(shared)


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


def _claim(ticket_type_id: int, quantity: int) -> list[int]:
    """What the ticket type shares, if anything. Raises TooFewLeft."""
    stocks = _update(CLAIM, ticket_type_id, quantity)
    if not stocks:
        raise TooFewLeft
    return _shared(stocks)


def _update(statement: str, ticket_type_id: int, quantity: int) -> list[tuple[int | None]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ticket_type": ticket_type_id, "quantity": quantity})
        stocks: list[tuple[int | None]] = cursor.fetchall()
        return stocks


def _shared(stocks: list[tuple[int | None]]) -> list[int]:
    return [pk for (pk,) in stocks if pk is not None]


def _change_shared(places: Counter[int], *, is_offer: bool = False) -> None:
    """Take so many places of each, or give them back where the number is below zero, or raise
    TooFewLeft. Only an offer takes what is left for people in line.
    """
    claims = [CLAIM_SHARED_WITHOUT_LINE, CLAIM_SHARED]
    if is_offer:
        claims = [CLAIM_SHARED_FOR_FIRST_IN_LINE]
    for pk, quantity in sorted(places.items()):
        if quantity < 0:
            _update_shared(GIVE_BACK_SHARED, pk, -quantity)
        elif quantity > 0 and not any(_update_shared(claim, pk, quantity) for claim in claims):
            raise TooFewLeft


def _update_shared(statement: str, shared_capacity_id: int, quantity: int) -> bool:
    values: dict[str, Any] = {"shared": shared_capacity_id, "quantity": quantity}
    with connection.cursor() as cursor:
        cursor.execute(statement, values | {"now": timezone.now()})
        return bool(cursor.rowcount)


def _for_the_line(shared_capacity_ids: Iterable[int]) -> set[int]:
    """Those of which what is left goes to people in line."""
    ids = [pk for pk in shared_capacity_ids if pk]
    if not ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(FOR_THE_LINE, {"shared": ids, "now": timezone.now()})
        return {pk for (pk,) in cursor.fetchall()}


def _why_too_few(
    stock: TicketStock, quantity: int, together: Counter[int], for_the_line: set[int]
) -> str:
    """Empty where there are enough. ``together`` is what is wanted of each shared capacity."""
    shared = stock.shared_capacity
    wanted = together[shared.pk] if shared else 0
    left = stock.left if wanted > 0 else stock.capacity - stock.taken
    if left and (stock.waiting or (wanted > 0 and shared and shared.pk in for_the_line)):
        return "What is left goes to the waiting list first."
    if left < quantity:
        return f"Only {left} left now." if left else "Sold out meanwhile."
    if shared and shared.left < wanted:
        return f"Only {shared.left} left now for these tickets together."
    return ""
