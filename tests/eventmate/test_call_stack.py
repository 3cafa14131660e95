"""Calls that cost a hundred others, because the memory for their frames is at its end."""

import resource
import sys

import pytest

from eventmate.call_stack import ROOM, WORD, with_room
from eventmate.handler import Handler

CALLS = 100
# More than 16 kB of frames, at some 150 bytes each.
DEEP = 200
WORDS = 100
"""Of the frame of the call in the loop: more than a depth has, so that there is one at its end."""


def most_chunks_for_a_loop(depth: int = DEEP) -> int:
    """How often a loop of so many calls takes memory anew, at the worst of so many depths. What is
    taken anew is seen by the fault at its first use.
    """
    deeper = most_chunks_for_a_loop(depth - 1) if depth else 0
    before = faults()
    for _ in range(CALLS):
        called()
    return max(deeper, faults() - before)


def called() -> None:
    pass


called.__code__ = called.__code__.replace(co_stacksize=WORDS)


def faults() -> int:
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt


@pytest.mark.skipif(sys.platform != "linux", reason="others do not count faults by thread")
def test_calls_take_no_memory_where_there_is_room_for_their_frames() -> None:
    def roomy() -> int:
        return most_chunks_for_a_loop()

    assert most_chunks_for_a_loop() >= CALLS
    assert with_room(roomy)() < CALLS


def test_django_is_called_with_room() -> None:
    assert Handler.__call__.__code__.co_stacksize * WORD == ROOM
