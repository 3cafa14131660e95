"""What each process counts as it goes: in files that all of them share, where gunicorn_config.py has
set PROMETHEUS_MULTIPROC_DIR, and else in this process alone.

Labels take few values: a route is the name of a URL pattern and never a path.
"""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("eventmate_requests", "Requests answered.", ["route", "method", "status"])
REQUEST_SECONDS = Histogram(
    "eventmate_request_seconds",
    "From the first middleware to the finished response.",
    ["route", "method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
REQUESTS_IN_FLIGHT = Gauge(
    "eventmate_requests_in_flight", "Requests being answered.", multiprocess_mode="livesum"
)
DATABASE_QUERIES = Counter("eventmate_database_queries", "Queries of requests.", ["route"])
DATABASE_SECONDS = Counter(
    "eventmate_database_query_seconds", "What requests waited for queries.", ["route"]
)
POOL_CONNECTIONS = Gauge(
    "eventmate_pool_connections",
    "Connections in the pools of the web workers.",
    ["state"],  # free, used
    multiprocess_mode="livesum",
)
POOL_WAITING = Gauge(
    "eventmate_pool_waiting", "Requests that wait for a connection.", multiprocess_mode="livesum"
)
CACHE_LOOKUPS = Counter("eventmate_cache_lookups", "Reads of the cache.", ["kind", "outcome"])
CACHE_ERRORS = Counter(
    "eventmate_cache_errors", "Commands that Redis did not answer.", ["cache", "error"]
)
BREAKERS_OPEN = Gauge(
    "eventmate_cache_breakers_open",
    "Connections to Redis given up for a moment, over all web workers.",
    ["cache"],
    multiprocess_mode="livesum",
)
RATE_LIMIT_REFUSALS = Counter(
    "eventmate_rate_limit_refusals", "Requests over a limit.", ["scope", "key"]
)
