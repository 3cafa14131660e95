"""Connections for looking at the services: not the site's own, so that a full pool or a client that
hides errors does not change what is found, and with little patience.
"""

import psycopg
import redis
from django.conf import settings
from django.db import connections
from redis.backoff import NoBackoff
from redis.retry import Retry

# To connect, and for the answer; below the second in which `/health/ready/` has to answer.
CACHE_PATIENCE = min(0.9, 2 * settings.REDIS_TIMEOUT)
# The least that psycopg takes.
DATABASE_CONNECT_TIMEOUT = 2
# PostgreSQL ends a statement after the first; the kernel ends a connection whose other side is gone
# soon after.
DEADLINES = "-c statement_timeout=1000"
GIVES_UP = {
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 5000,
}


def connect_to_postgres() -> psycopg.Connection:
    parameters = connections["default"].get_connection_params()
    # Django's, that load values as its fields want them.
    for name in ("cursor_factory", "context"):
        parameters.pop(name, None)
    parameters["connect_timeout"] = DATABASE_CONNECT_TIMEOUT
    # Of one that is said twice, the last holds.
    parameters["options"] = f"{parameters.get('options', '')} {DEADLINES}".strip()
    return psycopg.connect(**GIVES_UP | parameters, autocommit=True)


def redis_client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=CACHE_PATIENCE,
        socket_timeout=CACHE_PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )
