"""A connection to PostgreSQL that does not give way to other requests for a moment's wait while it
keeps rows locked, is in a hurry, or is waited for by many who need a connection.
"""

from collections.abc import Generator
from select import POLLIN, POLLOUT
from typing import Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.waiting import Ready, Wait

from eventmate.promptness import Promptness, is_hurried, poll

Result = TypeVar("Result")
Waiting = Generator[Wait, Ready | int, Result]

EVENTS = {Wait.R: POLLIN, Wait.W: POLLOUT, Wait.RW: POLLIN | POLLOUT}

# More than so many in the pool's line are long.
LINE = 8

# What hurries are other queries, most of them slower.
in_transactions, in_hurries = Promptness(), Promptness()


class PromptConnection(psycopg.Connection[Any]):
    """Most answers take PostgreSQL less than a millisecond. In a gevent worker that has much to do,
    who gives way for each waits for a turn of all the others, a hundred times longer, and in a
    transaction lets those wait who want the same rows. What takes longer than a moment is waited
    for as before, while the others go on.
    """

    def wait(self, gen: Any, *arguments: Any, **options: Any) -> Any:
        if self.pgconn.transaction_status == TransactionStatus.INTRANS:
            gen = _prompt(gen, self.pgconn.socket, in_transactions)
        elif is_hurried() or self._is_waited_for():
            gen = _prompt(gen, self.pgconn.socket, in_hurries)
        return super().wait(gen, *arguments, **options)

    def _is_waited_for(self) -> bool:
        """Whether so many others wait for a connection that their turn is far off."""
        pool = getattr(self, "_pool", None)  # while it is lent
        return pool is not None and pool.get_stats()["requests_waiting"] > LINE


def _prompt(gen: "Waiting[Result]", fileno: int, promptness: Promptness) -> "Waiting[Result]":
    """The same, without the waits that are over in a moment."""
    try:
        wanted = next(gen)
        while True:
            ready: Ready | int = _ready(fileno, wanted, promptness) or (yield wanted)
            wanted = gen.send(ready)
    except StopIteration as end:
        result: Result = end.value
        return result


def _ready(fileno: int, wanted: Wait, promptness: Promptness) -> int:
    """What the socket is ready for at once, or in a moment; 0 for nothing."""
    events = EVENTS[wanted]
    found = promptness.await_answer(fileno, events) if wanted == Wait.R else poll(fileno, events)
    return (Ready.R if found & POLLIN else 0) | (Ready.W if found & POLLOUT else 0)
