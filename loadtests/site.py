"""The real site, as an operator runs it: Gunicorn with gevent workers, on a database of its own."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psutil
import psycopg

from eventmate.embedded import postgres, redis
from eventmate.embedded.paths import REPOSITORY
from eventmate.embedded.process import Process
from loadtests.made_once import made_once

START_TIMEOUT = 60.0
STOP_TIMEOUT = 5.0
WORKER_STOP_TIMEOUT = 10.0
# With the rate limits on, and visitors from addresses of their own (X-Forwarded-For).
AS_MAKE_RUN = {"RATE_LIMIT_ENABLED": "1", "ACCESS_LOG": "0", "TRUSTED_PROXIES": "127.0.0.1"}


@dataclass(frozen=True)
class LiveSite:
    url: str
    database_url: str
    environment: dict[str, str]
    log: Path
    web: Process

    def manage(self, *arguments: str) -> str:
        """Run a manage.py command on this site's database and return what it printed."""
        return run_manage(self.environment, *arguments)

    @contextmanager
    def working(self) -> Iterator[Process]:
        """A job worker beside it while the block runs."""
        worker = Process(
            "worker",
            [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency=4"],
            log=self.log.with_name("worker.log"),
            env=self.environment,
            cwd=REPOSITORY,
        )
        worker.start()
        try:
            yield worker
        finally:
            worker.stop(grace=WORKER_STOP_TIMEOUT)

    def workers(self) -> list[psutil.Process]:
        """Gunicorn's workers that run now, which may be fewer than there should be."""
        return psutil.Process(self.web.pid).children()

    def wait_until_live(self) -> None:
        """Return once the site answers, and fail with its log where it does not."""
        deadline = time.monotonic() + START_TIMEOUT
        while not answers(self.url):
            assert self.web.running, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)


@contextmanager
def serving(
    database_url: str,
    data: Path,
    *,
    application: str = "eventmate.wsgi",
    workers: int = 2,
    more: Mapping[str, str] | None = None,
) -> Iterator[LiveSite]:
    """Serve the database, migrated if it is not. What the site keeps in files goes to ``data``;
    ``more`` is environment variables.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "eventmate.settings.local",
            "DATABASE_URL": database_url,
            "EVENTMATE_DATA_DIR": str(data),
            "CACHE_KEY_PREFIX": f"live-{uuid4().hex}",
            "PORT": str(port),
            "GUNICORN_BIND": f"fd://{listener.fileno()}",
            "GUNICORN_GRACEFUL_TIMEOUT": "1",
            "WEB_CONCURRENCY": str(workers),
            "RATE_LIMIT_ENABLED": "0",
            **(more or {}),
        }
        if not is_migrated(database_url):
            run_manage(environment, "migrate", "--verbosity=0")
        shutil.copytree(collected_static(), data / "static")
        log = data / "web.log"
        web = Process(
            "web server",
            [sys.executable, "-m", "gunicorn", "-c", "gunicorn_config.py", application],
            log=log,
            env=environment,
            cwd=REPOSITORY,
            pass_fds=(listener.fileno(),),
        )
        site = LiveSite(f"http://127.0.0.1:{port}", database_url, environment, log, web)
        web.start()
        try:
            site.wait_until_live()
            yield site
        finally:
            web.stop(grace=STOP_TIMEOUT)


def with_session(database_url: str, options: str) -> str:
    """The URL for sessions with these options of PostgreSQL, such as "-c lock_timeout=30s"."""
    return with_parameter(database_url, "options", options) if options else database_url


def with_parameter(database_url: str, name: str, value: str) -> str:
    """The URL with one more of libpq's parameters."""
    mark = "&" if "?" in database_url else "?"
    return f"{database_url}{mark}{name}={quote(value)}"


@contextmanager
def private_site(*, workers: int = 2) -> Iterator[LiveSite]:
    """The same with a PostgreSQL of its own, and a Redis where there is one, gone afterwards."""
    with ExitStack() as running:
        data = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="eventmate-")))
        database_url = running.enter_context(postgres.private())
        cache = {"REDIS_URL": running.enter_context(redis.private())} if redis.program() else {}
        yield running.enter_context(serving(database_url, data, workers=workers, more=cache))


def collected_static() -> Path:
    """What `collectstatic` makes, which compresses for seconds."""
    return made_once("collected", _collect_static) / "static"


def _collect_static(folder: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "eventmate.settings.local",
        "DATABASE_URL": "postgresql://nobody@localhost/none",  # manage.py starts none then
        "EVENTMATE_DATA_DIR": str(folder),
    }
    run_manage(environment, "collectstatic", "--no-input", "--verbosity=0")


def is_migrated(database_url: str) -> bool:
    """Whether all migrations of our own apps are applied, and with them those of others."""
    files = REPOSITORY.glob("*/migrations/[0-9]*.py")
    with psycopg.connect(database_url) as connection:
        known = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
        if known == (None,):
            return False
        applied = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    return {(path.parent.parent.name, path.stem) for path in files} <= set(applied)


def run_manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def answers(url: str) -> bool:
    """Whether it does. Where nobody listens that is told at once; who waits for a worker that
    starts does not give up, as the worker would answer, and count, that request too, later.
    """
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=START_TIMEOUT)
    try:
        connection.request("GET", "/health/live/")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
