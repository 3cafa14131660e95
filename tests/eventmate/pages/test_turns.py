"""Who may make a page that nobody has seen yet, and who waits for that."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import DataError, Error, OperationalError

from eventmate.pages.turns import TooManyPagesError, Turns
from eventmate.promptness import is_hurried

LONG = 30.0


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


def made_in_turn(error: Error) -> list[str]:
    """What is made by one who waits, or told them, while another fails so."""
    turns = Turns(1, patience=LONG)
    made: list[str] = []

    def make() -> None:
        with turns.taken():
            made.append("page")

    with ThreadPoolExecutor(1) as pool, suppress(Error), turns.taken():
        waiting = pool.submit(make)
        while not turns._turnstile._line:
            assert not waiting.done()
        raise error
    told = waiting.exception(LONG)
    return [*made, *([str(told)] if told else [])]


def test_those_in_line_are_told_at_once_that_the_database_does_not_answer() -> None:
    assert made_in_turn(DataError("no such date")) == ["page"]
    assert made_in_turn(OperationalError("no connection")) == [
        "The database did not answer those who came before."
    ]
