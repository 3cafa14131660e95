"""What a web worker tells of itself: its memory, its files and its database pool."""

from collections.abc import Callable

import gevent
import psutil
from django.db import connections

from eventmate.metrics.instruments import (
    LARGEST_WORKER_MEMORY,
    NEWEST_WORKER_START,
    POOL_CONNECTIONS,
    POOL_MOST_CONNECTIONS,
    POOL_WAITING,
    WORKER_FILES,
    WORKER_MEMORY,
    WORKER_STARTS,
    WORKERS,
)

SECONDS_BETWEEN = 1.0

_others: list[Callable[[], None]] = []


def report_also(tell: Callable[[], None]) -> None:
    """Have it called each time, to set gauges of its own."""
    _others.append(tell)


def report() -> None:
    """Set the gauges of this process to how it is now."""
    process = psutil.Process()
    memory = process.memory_info().rss
    WORKER_MEMORY.set(memory)
    LARGEST_WORKER_MEMORY.set(memory)
    WORKER_FILES.set(process.num_fds())
    NEWEST_WORKER_START.set(process.create_time())
    if pool := pool_figures():
        POOL_CONNECTIONS.labels("free").set(pool["free"])
        POOL_CONNECTIONS.labels("used").set(pool["used"])
        POOL_MOST_CONNECTIONS.set(pool["max"])
        POOL_WAITING.set(pool["waiting"])
    for tell in _others:
        tell()
    WORKERS.set(1)


def pool_figures() -> dict[str, int] | None:
    """The connections of this process's pool: free, used, at most, and waiting requests. None where
    there is no pool.
    """
    pool = getattr(connections["default"], "pool", None)
    if pool is None:
        return None
    stats = pool.get_stats()
    return {
        "free": stats["pool_available"],
        "used": stats["pool_size"] - stats["pool_available"],
        "max": stats["pool_max"],
        "waiting": stats.get("requests_waiting", 0),
    }


def start_reporting() -> None:
    """From now on, about once a second, also while no request comes."""
    WORKER_STARTS.inc()
    gevent.spawn(_report_for_ever)


def _report_for_ever() -> None:
    while True:
        report()
        gevent.sleep(SECONDS_BETWEEN)
