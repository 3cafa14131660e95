"""PostgreSQL and Redis, and how long the site waits for them."""

from django.core.exceptions import ImproperlyConfigured

from eventmate.environment import Environment
from eventmate.prompt_connection import PromptConnection

env = Environment()

# Seconds in which a request is answered. Well below GUNICORN_GRACEFUL_TIMEOUT, so that what is in
# flight ends before its worker does.
REQUEST_DEADLINE = env.at_least("REQUEST_DEADLINE", 0.1, default=10.0)

# Megabytes of public pages that a web worker keeps (eventmate/pages/); 0: each is made anew.
PAGE_CACHE_MEMORY = env.at_least("PAGE_CACHE_MEMORY", 0, default=12)

# --- PostgreSQL -----------------------------------------------------------------------------------

database_url = env.str("DATABASE_URL", default="postgresql:///eventmate")
if not database_url.startswith(("postgresql://", "postgres://")):
    raise ImproperlyConfigured(
        "DATABASE_URL must be a postgresql:// URL, such as postgresql://user:password@host/name."
    )
try:
    database = env.db_url_config(database_url)
except ValueError:
    # What could not be read may be a part of the password: it is shown to nobody.
    raise ImproperlyConfigured(
        "DATABASE_URL cannot be read. In its name and password, @ : / ? # % are written as "
        "%40 %3A %2F %3F %23 %25."
    ) from None
# Only the web process pools, and only its connections and statements have short deadlines:
# gunicorn_config.py sets the size. Commands and jobs may take their time.
WORKER_CONNECTIONS = env.int("DATABASE_POOL_SIZE", default=0)
# One hears what has changed of pages: a rush that uses up the others does not keep that back.
hears = WORKER_CONNECTIONS > 1 and PAGE_CACHE_MEMORY > 0
pool_size = WORKER_CONNECTIONS - 1 if hears else WORKER_CONNECTIONS

DATABASES = {"default": database | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}}
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 3 if pool_size else 10,
    # A server that has gone without a word, as in a failover, is given up after half a minute
    # and not after the system's quarter of an hour.
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    # Of several servers, the one that can be written to.
    **({"target_session_attrs": "read-write"} if "," in database["HOST"] else {}),
    **database.get("OPTIONS", {}),
}
# What is new to the index of words is taken in before there is so much of it (in kB) that a search,
# which looks through it, would notice.
server_settings = "-c gin_pending_list_limit=512"

if pool_size:
    server_settings += (
        " -c statement_timeout=5000 -c lock_timeout=2000"
        " -c idle_in_transaction_session_timeout=10000"
    )
    DATABASES["default"]["OPTIONS"] |= {
        "pool": {
            "min_size": min(4, pool_size),
            "max_size": pool_size,
            "timeout": 3,
            "reconnect_timeout": 2,
            "max_waiting": 300,
            "connection_class": PromptConnection,
        },
    }
given = DATABASES["default"]["OPTIONS"].get("options", "")
# Of one that is said twice, the last holds.
DATABASES["default"]["OPTIONS"]["options"] = f"{server_settings} {given}".strip()

# Bookings that one process writes at once, and of them for one event; the others wait without a
# connection, so that visitors who look around have some (bookings/services/gate.py). Where there is
# no pool to share, as in commands, nobody waits.
BOOKING_WRITES_AT_ONCE = max(1, WORKER_CONNECTIONS * 3 // 10) if pool_size else 1000
BOOKING_WRITES_AT_ONCE_PER_EVENT = max(1, WORKER_CONNECTIONS // 10) if pool_size else 1000

# Pages that one process makes at once of those that nobody has seen; the others wait in the same
# way (eventmate/pages/turns.py).
NEW_PAGES_AT_ONCE = max(1, WORKER_CONNECTIONS * 5 // 10) if pool_size else 1000

# --- Redis, or what stands in for it --------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
# Seconds that it may take to connect or to answer. After that the site goes on without it, until it
# answers again.
REDIS_TIMEOUT = env.at_least("REDIS_TIMEOUT", 0.01, default=0.1)
if REDIS_URL and not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
    raise ImproperlyConfigured(
        "REDIS_URL must be a redis://, rediss:// or unix:// URL, such as redis://host:6379."
    )


def redis_database(number: int) -> str:
    """The URL of one of the server's databases, for both forms that redis-py reads."""
    if REDIS_URL.startswith("unix://"):
        return f"{REDIS_URL.partition('?')[0]}?db={number}"
    base, _, query = REDIS_URL.partition("?")
    scheme, _, location = base.partition("://")
    host = location.partition("/")[0]
    return f"{scheme}://{host}/{number}" + (f"?{query}" if query else "")


def redis_cache(alias: str, number: int, backend: str, **pool: object) -> dict[str, object]:
    prefix = env.str("CACHE_KEY_PREFIX", default="eventmate")
    return {
        "BACKEND": backend,
        "LOCATION": redis_database(number),
        "KEY_PREFIX": prefix,
        "TIMEOUT": 300,
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": REDIS_TIMEOUT,
            "SOCKET_TIMEOUT": REDIS_TIMEOUT,
            "REDIS_CLIENT_CLASS": "eventmate.redis_client.GuardedRedis",
            "CONNECTION_POOL_CLASS": "eventmate.redis_client.GuardedPool",
            "CONNECTION_POOL_KWARGS": {
                "alias": alias,
                "prefix": f"{prefix}:1:",
                "max_connections": 50,
                # Others hold a connection because this process is busy: where Redis is at fault,
                # the breaker ends the wait. docs/adr/0019-when-redis-fails.md
                "timeout": REQUEST_DEADLINE,
                **pool,
            },
        },
    }


if REDIS_URL:
    CACHES = {
        # In memory while Redis does not answer.
        "default": redis_cache("default", 0, "eventmate.cache.RedisElseMemoryCache"),
        # Nowhere while Redis does not answer: sessions are in the database as well.
        "sessions": redis_cache("sessions", 1, "eventmate.cache.SessionCache", distrustful=True),
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    SESSION_CACHE_ALIAS = "sessions"
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    SESSION_ENGINE = "django.contrib.sessions.backends.db"
    SESSION_CACHE_ALIAS = "default"  # which that engine does not read
