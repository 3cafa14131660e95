from gevent import monkey

monkey.patch_all()  # before anything that it patches is imported

# How Gunicorn serves EventMate: `gunicorn -c gunicorn_config.py eventmate.wsgi`. Every value comes
# from the environment; what is here is what it is without.

import os
import sys
from pathlib import Path


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if value and not value.isdecimal():
        sys.exit(f"{name} must be a whole number, not {value!r}.")
    return int(value) if value else default


def cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# HOST, PORT: where to listen. GUNICORN_BIND says it in Gunicorn's words (unix:/path, fd://3).
bind = os.environ.get("GUNICORN_BIND") or (
    f"{os.environ.get('HOST') or '127.0.0.1'}:{number('PORT', 8000)}"
)

# WEB_CONCURRENCY: worker processes. By default two a core and one more, up to the 40 that
# PostgreSQL's usual 100 connections can serve.
workers = number("WEB_CONCURRENCY", min(2 * cores() + 1, 40))
worker_class = "gevent"
# GUNICORN_WORKER_CONNECTIONS: requests that one worker has open at once.
worker_connections = number("GUNICORN_WORKER_CONNECTIONS", 1000)

# DATABASE_POOL_SIZE: connections to PostgreSQL that one worker keeps at most. By default 10, or
# fewer where all the workers together would pass 90 of the usual 100.
os.environ.setdefault("DATABASE_POOL_SIZE", str(max(1, min(10, 90 // workers))))

# Preloading would save some 10 MB a worker, and share the master's sockets with all of them.
preload_app = False

# GUNICORN_MAX_REQUESTS, GUNICORN_MAX_REQUESTS_JITTER: a worker is replaced after this many
# requests, give or take, so that a leak stays small and not all go at once. 0: never.
max_requests = number("GUNICORN_MAX_REQUESTS", 10_000)
max_requests_jitter = number("GUNICORN_MAX_REQUESTS_JITTER", 2_000)

# GUNICORN_TIMEOUT: seconds without a sign of life after which a worker is killed. It does not
# bound a request: other greenlets keep giving signs of life.
timeout = number("GUNICORN_TIMEOUT", 30)
# GUNICORN_GRACEFUL_TIMEOUT: seconds that requests in flight have to finish when it stops.
graceful_timeout = number("GUNICORN_GRACEFUL_TIMEOUT", 15)
# GUNICORN_KEEPALIVE: seconds that an idle connection stays open. Behind a load balancer, more than
# the balancer's own.
keepalive = number("GUNICORN_KEEPALIVE", 5)

# FORWARDED_ALLOW_IPS: addresses of the proxies whose X-Forwarded-Proto is believed, with commas
# between. By default a proxy on this machine; never "*".
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")

# A way in for `gunicornc`, that nothing here uses.
control_socket_disable = True

# GUNICORN_ACCESS_LOG: a file, or - for stdout. None by default.
accesslog = os.environ.get("GUNICORN_ACCESS_LOG") or None
# GUNICORN_LOG_LEVEL: of Gunicorn's own log, on stderr.
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")

# GUNICORN_RELOAD: 1 restarts the workers when code or a template changes; for development.
reload = bool(number("GUNICORN_RELOAD", 0))
templates = Path(__file__).parent / "templates"
reload_extra_files = [str(templates / "**" / "*.*")] if reload else []
