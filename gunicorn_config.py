from gevent import monkey

monkey.patch_all()  # before anything that it patches is imported

# How Gunicorn serves EventMate: `gunicorn -c gunicorn_config.py eventmate.wsgi`. Every value comes
# from the environment; what is here is what it is without.

import gc
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from eventmate import heap, preloading
from eventmate.metrics import sharing

HERE = Path(__file__).parent


def text(name: str, default: str) -> str:
    """A variable that is empty is as one that is not there."""
    return os.environ.get(name) or default


def number(name: str, default: int, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        least_said = f" of at least {least}" if least else ""
        sys.exit(f"{name} must be a whole number{least_said}, not {value!r}.")
    return int(value)


def cores(machine: Path = Path("/")) -> int:
    """The cores that this process may use: what a container is granted, not what the host has."""
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    # Of control groups in their second version: microseconds of work in each period, for the group
    # and those that it is in.
    membership = machine / "proc/self/cgroup"
    lines = membership.read_text().splitlines() if membership.exists() else []
    own = next((line[3:] for line in lines if line.startswith("0::")), "/")
    group = Path(own.lstrip("/"))
    for folder in (group, *group.parents):
        limit = machine / "sys/fs/cgroup" / folder / "cpu.max"
        quota, period = limit.read_text().split() if limit.exists() else ("max", "1")
        if quota != "max":
            allowed = min(allowed, max(1, int(quota) // int(period)))
    return allowed


# HOST, PORT: where to listen. GUNICORN_BIND says it in Gunicorn's words (unix:/path, fd://3).
host = text("HOST", "127.0.0.1")
bind = text("GUNICORN_BIND", f"{f'[{host}]' if ':' in host else host}:{number('PORT', 8000)}")
# GUNICORN_BACKLOG: connections that wait to be accepted, before more are refused.
backlog = number("GUNICORN_BACKLOG", 2048, least=1)

# WEB_CONCURRENCY: worker processes. By default one a core, at least 2, up to the 40 that
# PostgreSQL's usual 100 connections can serve. With gevent none waits for anything but a core: more
# of them would only keep the same pages once more each (docs/adr/0032-pages-from-memory.md). The
# workers are told how many they are.
workers = number("WEB_CONCURRENCY", min(max(2, cores()), 40), least=1)
os.environ["WEB_CONCURRENCY"] = str(workers)
worker_class = "eventmate.gevent_worker.GeventWorker"
# GUNICORN_WORKER_CONNECTIONS: connections that one worker has open at once.
worker_connections = number("GUNICORN_WORKER_CONNECTIONS", 1000, least=1)
# Each is an open file, and so is what is sent on it: more than the 1,024 that are usual at first.
_, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
# GUNICORN_WORKER_TMP_DIR: where each worker's sign of life is a file. By default in memory, as a
# disk that is busy would hold it up.
in_memory = "/dev/shm"  # noqa: S108  # Gunicorn makes a file there that is its own
has_memory = os.access(in_memory, os.W_OK)
worker_tmp_dir = text("GUNICORN_WORKER_TMP_DIR", in_memory if has_memory else "") or None

# DATABASE_POOL_SIZE: connections to PostgreSQL that one worker keeps at most. By default 20, or
# fewer where all the workers together would not fit into the usual 100: 3 of those are PostgreSQL's
# own, and 10 are for others (eventmate/capacity.py).
pool_size = number("DATABASE_POOL_SIZE", max(1, min(20, 87 // workers)), least=1)
os.environ["DATABASE_POOL_SIZE"] = str(pool_size)
# PGAPPNAME: who PostgreSQL says is connected, in pg_stat_activity.
os.environ["PGAPPNAME"] = text("PGAPPNAME", "eventmate-web")

# The master loads libraries for all of its workers (eventmate/preloading.py), but not the site: new
# workers would not read its code and settings anew, and all would share the master's sockets.
preload_app = False

# GUNICORN_MAX_REQUESTS, GUNICORN_MAX_REQUESTS_JITTER: a worker is replaced after this many
# requests, give or take, so that a leak stays small and not all go at once. 0: never.
max_requests = number("GUNICORN_MAX_REQUESTS", 200_000)
max_requests_jitter = number("GUNICORN_MAX_REQUESTS_JITTER", 40_000)

# GUNICORN_TIMEOUT: seconds without a sign of life after which a worker is killed. It does not
# bound a request: other greenlets keep giving signs of life.
timeout = number("GUNICORN_TIMEOUT", 30)
# GUNICORN_GRACEFUL_TIMEOUT: seconds that requests in flight have to finish when it stops. More than
# REQUEST_DEADLINE, by which every one of them is answered.
graceful_timeout = number("GUNICORN_GRACEFUL_TIMEOUT", 15, least=1)
# GUNICORN_KEEPALIVE: seconds that an idle connection stays open, and that the head of a request
# has to arrive. Behind a load balancer, more than the balancer's own. Without any (0), Gunicorn
# would wait for a head for ever.
keepalive = number("GUNICORN_KEEPALIVE", 5, least=1)

# GUNICORN_LIMIT_REQUEST_LINE, GUNICORN_LIMIT_REQUEST_FIELDS, GUNICORN_LIMIT_REQUEST_FIELD_SIZE:
# bytes of a request's first line, how many headers it has, and bytes of each.
limit_request_line = number("GUNICORN_LIMIT_REQUEST_LINE", 4094, least=1)
limit_request_fields = number("GUNICORN_LIMIT_REQUEST_FIELDS", 100, least=1)
limit_request_field_size = number("GUNICORN_LIMIT_REQUEST_FIELD_SIZE", 8190, least=1)

# FORWARDED_ALLOW_IPS: addresses of the proxies whose X-Forwarded-Proto is believed, with commas
# between. By default a proxy on this machine; never "*".
forwarded_allow_ips = text("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
# Many proxies pass on what visitors send: no header says that the site is mounted elsewhere.
forwarder_headers = ""

# A way in for `gunicornc`, that nothing here uses.
control_socket_disable = True

# GUNICORN_ACCESS_LOG: a file, or - for stdout. None by default.
accesslog = os.environ.get("GUNICORN_ACCESS_LOG") or None
# GUNICORN_LOG_LEVEL: of Gunicorn's own lines, which go where all others go.
loglevel = text("GUNICORN_LOG_LEVEL", "warning")
logger_class = "eventmate.logs.gunicorn.Logger"

# GUNICORN_RELOAD: 1 restarts the workers when code or a template changes; for development.
reload = bool(number("GUNICORN_RELOAD", 0))
reload_extra_files = [str(HERE / "templates" / "**" / "*.*")] if reload else []


# GUNICORN_WAIT_FD: the number of a pipe's end that was handed on. Workers start once the other end
# is closed: `make run` prepares the database while libraries are loaded.
wait_descriptor = number("GUNICORN_WAIT_FD", 0)


def on_starting(server: Any) -> None:
    # In a process of its own: the workers inherit neither its connection nor the settings, which
    # new workers read anew after SIGHUP.
    command = [sys.executable, "-m", "eventmate.capacity", str(server.cfg.workers)]
    with subprocess.Popen(command, cwd=HERE) as check:
        preloading.preload()
    if check.returncode:
        sys.exit(1)
    is_first_master = not server.master_pid  # and not one that takes over (SIGUSR2)
    if wait_descriptor and is_first_master:
        with open(wait_descriptor, "rb") as pipe:
            pipe.read()
    sharing.begin()


# What the workers count is told by whichever of them is asked: eventmate/metrics/sharing.py.


def pre_fork(server: Any, worker: Any) -> None:
    sharing.before_fork()


def post_fork(server: Any, worker: Any) -> None:
    heap.keep_small()
    # What a worker loads at its start stays: to look through it for garbage again and again would
    # be a fifth of the start's work.
    gc.disable()
    # What the master has imported may be older than the code that its new worker runs.
    preloading.forget_unless_current()
    for name in [name for name in sys.modules if name.partition(".")[0] == "eventmate"]:
        del sys.modules[name]


def post_worker_init(worker: Any) -> None:
    from eventmate.later import start_writing
    from eventmate.metrics.reporting import start_reporting

    start_reporting()
    start_writing()
    gc.freeze()
    gc.enable()


def worker_exit(server: Any, worker: Any) -> None:
    if worker.pid == os.getpid():
        from eventmate.later import write_all

        write_all()
    else:
        # The master found it gone when it sent a signal, and calls child_exit no more: with gevent,
        # which waits for children as they end, one may be gone before the master hears of it.
        sharing.retire(worker.pid)


def child_exit(server: Any, worker: Any) -> None:
    sharing.retire(worker.pid)


def on_exit(server: Any) -> None:
    sharing.end()
