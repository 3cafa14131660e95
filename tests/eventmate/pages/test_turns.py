"""Who may make a page that nobody has seen yet, and who waits for that."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest
from django.db import DataError, Error, OperationalError

from eventmate.pages.turns import TooManyPagesError, Turns
from eventmate.promptness import is_hurried

LONG = 30.0
TOLD = "The database did not answer those who came before."


def test_next_one_waits_in_vain_for_a_turn_that_does_not_come() -> None:
    turns = Turns(2, patience=0)
    with (
        turns.taken(),
        turns.taken(),
        pytest.raises(TooManyPagesError),
        turns.taken(),
    ):
        pass

    with turns.taken():
        pass


def test_page_that_cannot_be_made_leaves_the_turn_to_the_next() -> None:
    turns = Turns(1, patience=0)
    with pytest.raises(ZeroDivisionError), turns.taken():
        _ = 1 / 0

    with turns.taken():
        pass


def test_who_waited_long_makes_the_page_in_a_hurry() -> None:
    turns = Turns(1, patience=LONG, long_wait=0.5)

    def make() -> bool:
        with turns.taken():
            return is_hurried()

    with ThreadPoolExecutor(1) as pool:
        with turns.taken():
            assert not is_hurried()
            waiting = pool.submit(make)
            while not turns._turnstile._line:
                assert not waiting.done()
            time.sleep(0.6)
        assert waiting.result(LONG)
        assert not pool.submit(make).result(LONG)


def make(turns: Turns) -> str:
    with turns.taken():
        return "page"


def is_in_line(turns: Turns, waiting: "Future[str]", place: int = 1) -> bool:
    """Returns once it is."""
    while len(turns._turnstile._line) < place:
        assert not waiting.done()
    return True


def outcome(waiting: "Future[str]") -> str:
    error = waiting.exception(LONG)
    return str(error) if error else waiting.result()


def told_after(turns: Turns, error: Error, *, made_meanwhile: int = 0) -> str:
    """What comes of one who waits for the second turn while who has the first fails so, after so
    many others were made.
    """
    with ThreadPoolExecutor(1) as pool, ExitStack() as second:
        with suppress(Error), turns.taken():
            for _ in range(made_meanwhile):
                assert pool.submit(make, turns).result(LONG) == "page"
            second.enter_context(turns.taken())
            waiting = pool.submit(make, turns)
            assert is_in_line(turns, waiting)
            raise error
        return outcome(waiting)


def test_those_in_line_are_told_at_once_that_the_database_does_not_answer() -> None:
    turns = Turns(2, patience=LONG)

    assert told_after(turns, DataError("no such date")) == "page"
    assert told_after(turns, OperationalError("no connection")) == TOLD
    assert told_after(turns, OperationalError("no connection")) == TOLD


def test_where_others_are_made_one_that_finds_no_connection_is_the_only_one() -> None:
    busy = OperationalError("couldn't get a connection after 3.00 sec")

    assert told_after(Turns(2, patience=LONG), busy, made_meanwhile=1) == "page"


def test_who_came_after_a_failure_is_not_told_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns(1, patience=LONG)
    # In line, and stays there.
    may_leave = threading.Event()
    monkeypatch.setattr("eventmate.turnstile.release", lambda: may_leave.wait(LONG))

    with ThreadPoolExecutor(2) as pool:
        with suppress(Error), turns.taken():
            before = pool.submit(make, turns)
            assert is_in_line(turns, before)
            raise OperationalError("no connection")
        after = pool.submit(make, turns)
        assert is_in_line(turns, after)
        may_leave.set()
        assert (outcome(before), outcome(after)) == (TOLD, "page")
