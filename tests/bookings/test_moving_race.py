"""Many tickets moved at once to where few places are left, on real connections."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from bookings.actors import SYSTEM
from bookings.exceptions import BookingError, Refusal
from bookings.models import Ticket
from bookings.services.moving import move_ticket
from bookings.services.verification import find_differences
from events.models import TicketStock, TicketType
from tests.bookings.unguarded import without_guard
from tests.factories import BookingFactory, TicketTypeFactory

MOVERS, PLACES = 12, 4
MOVED = "moved"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scarce() -> TicketType:
    return TicketTypeFactory(name="Balcony", capacity=PLACES)


@pytest.fixture
def plain(scarce: TicketType) -> TicketType:
    return TicketTypeFactory(event=scarce.event, capacity=MOVERS)


def tickets_of(ticket_type: TicketType, count: int) -> list[Ticket]:
    """Each in a booking of its own."""
    return [
        BookingFactory(event=ticket_type.event, tickets=[ticket_type]).tickets.get()
        for _ in range(count)
    ]


def move_all_at_once(moves: list[tuple[Ticket, TicketType]]) -> Counter[str]:
    start = threading.Barrier(len(moves), timeout=30)

    def move(ticket: Ticket, to: TicketType) -> str:
        try:
            start.wait()
            move_ticket(ticket=ticket, ticket_type=to, keeps_price=False, by=SYSTEM)
        except BookingError as error:
            return error.code
        finally:
            connection.close()
        return MOVED

    return in_threads(lambda pair: move(*pair), moves)


def in_threads(
    move: Callable[[tuple[Ticket, TicketType]], str], moves: list[tuple[Ticket, TicketType]]
) -> Counter[str]:
    with ThreadPoolExecutor(len(moves)) as pool:
        return Counter(pool.map(move, moves))


def test_reading_and_writing_back_gives_away_the_same_places_again(
    scarce: TicketType, plain: TicketType, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_guard(monkeypatch, claims=MOVERS)

    told = move_all_at_once([(ticket, scarce) for ticket in tickets_of(plain, MOVERS)])

    assert told[MOVED] > PLACES
    assert Ticket.objects.filter(ticket_type=scarce).count() > PLACES
    assert find_differences() != []


def test_conditional_update_gives_away_every_place_once(
    scarce: TicketType, plain: TicketType
) -> None:
    told = move_all_at_once([(ticket, scarce) for ticket in tickets_of(plain, MOVERS)])

    assert told == {MOVED: PLACES, Refusal.SOLD_OUT: MOVERS - PLACES}
    assert Ticket.objects.filter(ticket_type=scarce).count() == PLACES
    assert find_differences() == []


def test_moves_in_opposite_directions_do_not_block_each_other(
    scarce: TicketType, plain: TicketType
) -> None:
    TicketStock.objects.update(capacity=2 * MOVERS)
    there = [(ticket, scarce) for ticket in tickets_of(plain, MOVERS // 2)]
    back = [(ticket, plain) for ticket in tickets_of(scarce, MOVERS // 2)]

    assert move_all_at_once([*there, *back]) == {MOVED: MOVERS}
    assert find_differences() == []
