"""Fifty buyers at once of three ticket types that share ten places, on real connections."""

import datetime as dt
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from bookings.actors import SYSTEM
from bookings.exceptions import BookingError, Refusal
from bookings.models import Booking, Ticket
from bookings.services.expiry import release_overdue_holds
from bookings.services.holding import hold_places
from bookings.services.moving import move_ticket
from bookings.services.verification import find_differences
from events.exceptions import EventError
from events.models import SharedCapacity, TicketType
from events.services.shared_capacities import change_shared_capacity, share_places
from tests.bookings.unguarded import without_guard
from tests.factories import (
    BookingFactory,
    HoldFactory,
    SharedCapacityFactory,
    TicketTypeFactory,
)

BUYERS, PLACES = 50, 10
DONE = "done"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hall() -> SharedCapacity:
    return SharedCapacityFactory(capacity=PLACES)


@pytest.fixture
def types(hall: SharedCapacity) -> list[TicketType]:
    """Each with more places than the hall has."""
    return [
        TicketTypeFactory(event=hall.event, name=name, capacity=3 * PLACES, shared_capacity=hall)
        for name in ("Standard", "Reduced", "Companion")
    ]


def sold(hall: SharedCapacity) -> int:
    """What the tickets say."""
    return Ticket.objects.filter(
        ticket_type__event=hall.event, booking__in=Booking.objects.holding_places()
    ).count()


def taken(hall: SharedCapacity) -> int:
    return SharedCapacity.objects.get(pk=hall.pk).taken


def all_at_once(*actions: Callable[[], object]) -> Counter[str]:
    """How many were told what: that it is done, or why not."""
    start = threading.Barrier(len(actions), timeout=30)

    def act(action: Callable[[], object]) -> str:
        try:
            start.wait()
            action()
        except (BookingError, EventError) as error:
            return error.code
        finally:
            connection.close()
        return DONE

    with ThreadPoolExecutor(len(actions)) as pool:
        return Counter(pool.map(act, actions))


def buying(hall: SharedCapacity, quantities: Mapping[int, int]) -> Callable[[], object]:
    return lambda: hold_places(
        event=hall.event, quantities=quantities, idempotency_key=uuid.uuid4()
    )


def one_each(hall: SharedCapacity, types: list[TicketType]) -> Counter[str]:
    return all_at_once(
        *(buying(hall, {types[number % len(types)].pk: 1}) for number in range(BUYERS))
    )


def test_reading_and_writing_back_sells_more_than_there_are(
    hall: SharedCapacity, types: list[TicketType], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_guard(monkeypatch, claims=BUYERS)

    told = one_each(hall, types)

    assert told[DONE] > PLACES
    assert sold(hall) > PLACES
    assert taken(hall) != sold(hall)


def test_every_shared_place_is_sold_once(hall: SharedCapacity, types: list[TicketType]) -> None:
    told = one_each(hall, types)

    assert told == {DONE: PLACES, Refusal.SOLD_OUT: BUYERS - PLACES}
    assert taken(hall) == sold(hall) == PLACES
    assert find_differences() == []


def test_shared_places_of_holds_that_ran_out_are_all_sold_again(
    hall: SharedCapacity, types: list[TicketType]
) -> None:
    past = timezone.now() - dt.timedelta(seconds=1)
    for number in range(PLACES):
        HoldFactory(event=hall.event, tickets=[types[number % 2]], expires_at=past)

    told = all_at_once(
        *(buying(hall, {types[2].pk: 1}) for _ in range(BUYERS - 2)),
        release_overdue_holds,
        release_overdue_holds,
    )

    assert told == {DONE: PLACES + 2, Refusal.SOLD_OUT: BUYERS - 2 - PLACES}
    assert taken(hall) == sold(hall) == PLACES
    assert find_differences() == []


def test_choices_in_opposite_orders_do_not_block_each_other(
    hall: SharedCapacity, types: list[TicketType]
) -> None:
    balcony = SharedCapacityFactory(event=hall.event, capacity=BUYERS)
    share_places(ticket_type=types[1], shared_capacity=balcony)
    pks = [row.pk for row in types]
    choices = [pks, pks[::-1], pks[:2], [pks[2]], pks[2:0:-1]]

    told = all_at_once(
        *(buying(hall, dict.fromkeys(choices[n % len(choices)], 1)) for n in range(BUYERS))
    )

    assert set(told) == {DONE, Refusal.SOLD_OUT}
    assert PLACES - 1 <= taken(hall) <= PLACES
    assert find_differences() == []


def test_moves_in_and_out_do_not_block_each_other(
    hall: SharedCapacity, types: list[TicketType]
) -> None:
    beside = TicketTypeFactory(event=hall.event, name="Outside", capacity=BUYERS)
    SharedCapacity.objects.update(capacity=BUYERS)
    inside, outside = (
        [BookingFactory(event=hall.event, tickets=[row]).tickets.get() for _ in range(8)]
        for row in (types[0], beside)
    )

    def moving(ticket: Ticket, to: TicketType) -> Callable[[], object]:
        return lambda: move_ticket(ticket=ticket, ticket_type=to, keeps_price=False, by=SYSTEM)

    told = all_at_once(
        *(moving(ticket, to) for ticket, to in zip(inside, [beside, types[1]] * 4, strict=True)),
        *(moving(ticket, types[2]) for ticket in outside),
    )

    assert told == {DONE: 16}
    assert taken(hall) == 12
    assert find_differences() == []


def test_what_a_host_changes_meanwhile_sells_nothing_twice(
    hall: SharedCapacity, types: list[TicketType]
) -> None:
    def go_out_and_in() -> None:
        for shared in (None, hall) * 3:
            share_places(ticket_type=types[2], shared_capacity=shared)

    def widen() -> None:
        for capacity in (PLACES + 2, PLACES + 4):
            change_shared_capacity(
                shared_capacity=SharedCapacity(
                    pk=hall.pk, event=hall.event, name=hall.name, capacity=capacity
                )
            )

    buyers = [buying(hall, {types[n % 3].pk: 1, types[0].pk: 1}) for n in range(24)]
    told = all_at_once(*buyers, go_out_and_in, widen)

    assert set(told) <= {DONE, Refusal.SOLD_OUT, "does_not_fit"}
    assert taken(hall) <= PLACES + 4
    assert find_differences() == []
