import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection, transaction

from bookings.exceptions import BookingError, Refusal
from bookings.services.gate import Gate

HOT, OTHER, THIRD = "hot", "other", "third"
LONG = 30.0


def is_let_through(gate: Gate, event: str) -> bool:
    try:
        with gate.passing(event):
            return True
    except BookingError as error:
        return error.code is not Refusal.BUSY


def wait_until_in_lane(gate: Gate, *waiting: Future[Any]) -> None:
    """Return when all of them have to do with the full event, beside the one that is inside."""
    while gate._lanes[HOT].users < 1 + len(waiting):
        assert not any(one.done() for one in waiting)


@pytest.fixture
def inside() -> Iterator[ExitStack]:
    """Writers that are through the gate and have not left it."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def test_holds_back_the_next_writer_of_a_full_event(inside: ExitStack) -> None:
    gate = Gate(overall=5, per_event=2, patience=0)
    inside.enter_context(gate.passing(HOT))
    assert is_let_through(gate, HOT)
    inside.enter_context(gate.passing(HOT))

    assert not is_let_through(gate, HOT)
    assert is_let_through(gate, OTHER)
    inside.close()
    assert is_let_through(gate, HOT)


def test_holds_back_the_next_writer_of_any_event_when_all_places_are_taken(
    inside: ExitStack,
) -> None:
    gate = Gate(overall=2, per_event=2, patience=0)
    inside.enter_context(gate.passing(HOT))
    assert is_let_through(gate, OTHER)
    inside.enter_context(gate.passing(THIRD))

    assert not is_let_through(gate, OTHER)
    inside.close()
    assert is_let_through(gate, OTHER)


def test_writer_that_fails_leaves_its_place(inside: ExitStack) -> None:
    gate = Gate(overall=1, per_event=1, patience=0)

    with pytest.raises(ZeroDivisionError), gate.passing(HOT):
        _ = 1 / 0

    assert is_let_through(gate, HOT)


def test_writer_that_was_turned_away_takes_no_place(inside: ExitStack) -> None:
    gate = Gate(overall=2, per_event=1, patience=0)
    inside.enter_context(gate.passing(HOT))
    for _ in range(5):
        assert not is_let_through(gate, HOT)

    assert is_let_through(gate, OTHER)
    inside.close()
    assert is_let_through(gate, HOT)


def test_waiting_writer_comes_through_when_another_leaves(
    inside: ExitStack, pool: ThreadPoolExecutor
) -> None:
    gate = Gate(overall=1, per_event=1, patience=LONG)
    inside.enter_context(gate.passing(HOT))
    waiting = pool.submit(is_let_through, gate, HOT)

    wait_until_in_lane(gate, waiting)
    assert not waiting.done()
    inside.close()
    assert waiting.result(timeout=LONG)


def test_nobody_overtakes_whoever_waits(inside: ExitStack, pool: ThreadPoolExecutor) -> None:
    gate = Gate(overall=1, per_event=1, patience=LONG)
    order = []

    def pass_through(name: str) -> None:
        with gate.passing(HOT):
            order.append(name)

    inside.enter_context(gate.passing(HOT))
    first = pool.submit(pass_through, "the first who waited")
    wait_until_in_lane(gate, first)
    inside.close()
    pass_through("a newcomer")

    first.result(timeout=LONG)
    assert order == ["the first who waited", "a newcomer"]


def test_rush_on_one_event_keeps_nobody_of_another_waiting(
    inside: ExitStack, pool: ThreadPoolExecutor
) -> None:
    gate = Gate(overall=2, per_event=1, patience=LONG)
    inside.enter_context(gate.passing(HOT))
    rush = [pool.submit(is_let_through, gate, HOT) for _ in range(2)]
    wait_until_in_lane(gate, *rush)

    in_time: Future[bool] = Future()
    buyer = threading.Thread(target=lambda: in_time.set_result(is_let_through(gate, OTHER)))
    buyer.start()
    assert in_time.result(timeout=LONG / 2)
    assert not any(waiting.done() for waiting in rush)

    inside.close()
    assert all(waiting.result(timeout=LONG) for waiting in rush)
    buyer.join()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("overall", "per_event"), [(1, 2), (2, 1)], ids=["overall", "per-event"])
def test_waiting_writer_holds_no_connection(
    inside: ExitStack, overall: int, per_event: int
) -> None:
    gate = Gate(overall=overall, per_event=per_event, patience=0)
    inside.enter_context(gate.passing(HOT))
    connection.ensure_connection()

    assert not is_let_through(gate, HOT)

    assert connection.connection is None


@pytest.mark.django_db(transaction=True)
def test_writer_that_need_not_wait_keeps_its_connection() -> None:
    connection.ensure_connection()

    assert is_let_through(Gate(overall=1, per_event=1), HOT)

    assert connection.connection is not None


@pytest.mark.django_db(transaction=True)
def test_transaction_that_waits_is_not_torn_apart(inside: ExitStack) -> None:
    gate = Gate(overall=1, per_event=1, patience=0)
    inside.enter_context(gate.passing(HOT))

    with transaction.atomic():
        assert not is_let_through(gate, HOT)
        assert connection.connection is not None
