"""What a web worker gathers in its memory, and writes in batches while no request waits for it."""

from collections.abc import Callable

import gevent
from django.db import connection

SECONDS_BETWEEN = 5.0

Write = Callable[[], None]

_writes: list[Write] = []


def write_now_and_then(write: Write) -> None:
    """Have it called every SECONDS_BETWEEN in each web worker, and when the worker ends. It puts up
    with a database that does not answer.
    """
    _writes.append(write)


def start_writing() -> None:
    gevent.spawn(_write_for_ever)


def write_all() -> None:
    for write in _writes:
        write()
        connection.close()  # back to the pool


def _write_for_ever() -> None:
    while True:
        gevent.sleep(SECONDS_BETWEEN)
        write_all()
