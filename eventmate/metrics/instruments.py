"""What each process counts as it goes: in files that all web workers share where Gunicorn serves
(sharing.py), and else in this process alone.

Labels take few values: a route is the name of a URL pattern and never a path.
"""

from functools import cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
)

# When each began: the shared files have no place for it.
disable_created_metrics()

# Not the library's own, in which others put what is of one process.
PROCESS = CollectorRegistry()

REQUESTS = Counter(
    "eventmate_requests", "Requests answered.", ["route", "method", "status"], registry=PROCESS
)
REQUEST_SECONDS = Histogram(
    "eventmate_request_seconds",
    "From the first middleware to the finished response.",
    ["route", "method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=PROCESS,
)
REQUESTS_IN_FLIGHT = Gauge(
    "eventmate_requests_in_flight",
    "Requests being answered.",
    multiprocess_mode="livesum",
    registry=PROCESS,
)
DATABASE_QUERIES = Counter(
    "eventmate_database_queries", "Queries of requests.", ["route"], registry=PROCESS
)
DATABASE_SECONDS = Counter(
    "eventmate_database_query_seconds",
    "What requests waited for queries.",
    ["route"],
    registry=PROCESS,
)
POOL_CONNECTIONS = Gauge(
    "eventmate_pool_connections",
    "Connections in the pools of the web workers.",
    ["state"],  # free, used
    multiprocess_mode="livesum",
    registry=PROCESS,
)
POOL_MOST_CONNECTIONS = Gauge(
    "eventmate_pool_max_connections",
    "Connections that the pools of the web workers may grow to.",
    multiprocess_mode="livesum",
    registry=PROCESS,
)
POOL_WAITING = Gauge(
    "eventmate_pool_waiting",
    "Requests that wait for a connection.",
    multiprocess_mode="livesum",
    registry=PROCESS,
)
CACHE_LOOKUPS = Counter(
    "eventmate_cache_lookups", "Reads of the cache.", ["kind", "outcome"], registry=PROCESS
)
PAGES_KEPT = Gauge(
    "eventmate_pages_kept",
    "Public pages in the memory of the web workers.",
    multiprocess_mode="livesum",
    registry=PROCESS,
)
PAGES_BYTES = Gauge(
    "eventmate_pages_bytes",
    "Memory of the web workers that public pages take.",
    multiprocess_mode="livesum",
    registry=PROCESS,
)
CACHE_ERRORS = Counter(
    "eventmate_cache_errors",
    "Commands that Redis did not answer.",
    ["cache", "error"],
    registry=PROCESS,
)
BREAKERS_OPEN = Gauge(
    "eventmate_cache_breakers_open",
    "Connections to Redis given up for a moment, over all web workers.",
    ["cache"],
    multiprocess_mode="livesum",
    registry=PROCESS,
)
RATE_LIMIT_REFUSALS = Counter(
    "eventmate_rate_limit_refusals", "Requests over a limit.", ["scope", "key"], registry=PROCESS
)
BOOKINGS = Counter(
    "eventmate_bookings",
    "Bookings by what came of them: held, confirmed, cancelled, or why they were refused.",
    ["outcome"],
    registry=PROCESS,
)
WORKER_STARTS = Counter(
    "eventmate_web_worker_starts", "Web workers that were started.", registry=PROCESS
)
WORKERS = Gauge(
    "eventmate_web_workers", "Web workers.", multiprocess_mode="livesum", registry=PROCESS
)
WORKER_MEMORY = Gauge(
    "eventmate_web_resident_memory_bytes",
    "Memory of all web workers.",
    multiprocess_mode="livesum",
    registry=PROCESS,
)
LARGEST_WORKER_MEMORY = Gauge(
    "eventmate_web_largest_worker_resident_memory_bytes",
    "Memory of the largest web worker.",
    multiprocess_mode="livemax",
    registry=PROCESS,
)
WORKER_FILES = Gauge(
    "eventmate_web_open_fds",
    "Files, sockets and pipes that all web workers have open.",
    multiprocess_mode="livesum",
    registry=PROCESS,
)
NEWEST_WORKER_START = Gauge(
    "eventmate_web_newest_worker_start_time_seconds",
    "When the newest web worker started.",
    multiprocess_mode="livemax",
    registry=PROCESS,
)

# The files are opened by the first of each kind, which is now and not in somebody's request: later
# they may have been cleared away.
REQUEST_SECONDS.labels("health:live", "GET")


def count_lookup(kind: str, *, hit: bool) -> None:
    """Count a read of the cache. The kind is session, page, limit, names or other of the shared
    cache, or front and shared page of a worker's own pages."""
    _lookups(kind, "hit" if hit else "miss").inc()


@cache
def _lookups(kind: str, outcome: str) -> Counter:
    return CACHE_LOOKUPS.labels(kind, outcome)
