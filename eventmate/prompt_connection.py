"""A connection to PostgreSQL that does not give way to other requests for a moment's wait while it
keeps rows locked.
"""

from collections.abc import Generator
from select import POLLIN, POLLOUT
from typing import Any, TypeVar

import psycopg
from gevent.monkey import get_original
from psycopg.pq import TransactionStatus
from psycopg.waiting import Ready, Wait

Result = TypeVar("Result")
Waiting = Generator[Wait, Ready | int, Result]

EVENTS = {Wait.R: POLLIN, Wait.W: POLLOUT, Wait.RW: POLLIN | POLLOUT}
# What gevent puts in its place lets the others run.
real_poll = get_original("select", "poll")


class Promptness:
    """How fast answers came lately, over all connections of this process."""

    # Milliseconds that are worth a wait on the spot.
    MOMENT = 2
    # Of so many answers, one is waited for where they were slow, to see whether they still are.
    SAMPLE = 32

    def __init__(self) -> None:
        self.slow_share = 0.0
        self._skipped = 0

    def patience(self) -> int:
        """Milliseconds for which to wait on the spot."""
        if self.slow_share < 0.5:
            return self.MOMENT
        self._skipped = (self._skipped + 1) % self.SAMPLE
        return 0 if self._skipped else self.MOMENT

    def learn(self, *, was_prompt: bool) -> None:
        self.slow_share += ((not was_prompt) - self.slow_share) / self.SAMPLE


promptness = Promptness()


class PromptConnection(psycopg.Connection[Any]):
    """Most answers take PostgreSQL less than a millisecond. In a gevent worker that has much to do,
    who gives way for each waits for a turn of all the others, a hundred times longer, and in a
    transaction lets those wait who want the same rows. What takes longer than a moment is waited
    for as before, while the others go on.
    """

    def wait(self, gen: Any, *arguments: Any, **options: Any) -> Any:
        if self.pgconn.transaction_status == TransactionStatus.INTRANS:
            gen = _prompt(gen, self.pgconn.socket)
        return super().wait(gen, *arguments, **options)


def _prompt(gen: "Waiting[Result]", fileno: int) -> "Waiting[Result]":
    """The same, without the waits that are over in a moment."""
    try:
        wanted = next(gen)
        while True:
            ready: Ready | int = _poll(fileno, wanted) or (yield wanted)
            wanted = gen.send(ready)
    except StopIteration as end:
        result: Result = end.value
        return result


def _poll(fileno: int, wanted: Wait) -> int:
    """What the socket is ready for at once, or in a moment; 0 for nothing, or for an error, which
    is told apart by who waits longer.
    """
    poll = real_poll()
    poll.register(fileno, EVENTS[wanted])
    moment = promptness.patience() if wanted == Wait.R else 0
    events = poll.poll(moment)
    event = events[0][1] if events else 0
    ready = (Ready.R if event & POLLIN else 0) | (Ready.W if event & POLLOUT else 0)
    if moment:
        promptness.learn(was_prompt=bool(ready))
    return ready
