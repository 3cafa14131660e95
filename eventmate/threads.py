"""Work that would hold up the other requests of a gevent worker, in threads of their own."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from gevent import monkey
from gevent.threadpool import ThreadPool

# Of one process. What waits for a thread holds up nobody else.
THREADS = 4

Result = TypeVar("Result")


def run_in_thread(function: Callable[..., Result], *arguments: Any) -> Result:
    """Call the function, and let other greenlets run meanwhile where there are any.

    It must not use the database: connections belong to the greenlet that opened them.
    """
    if not monkey.is_module_patched("threading"):
        return function(*arguments)
    if not connection.in_atomic_block:
        # Back to the pool, which those who wait here would empty; the next query takes one again.
        connection.close()
    result: Result = _threads().apply(function, arguments)
    return result


@cache
def _threads() -> ThreadPool:
    # Not gevent's own pool, which looks up host names as well.
    return ThreadPool(THREADS)
