"""A pytest plugin: the real site, as an operator runs it, and a browser to look at it with."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from eventmate.embedded.paths import REPOSITORY
from eventmate.embedded.process import Process
from tests.services import browser_program

START_TIMEOUT = 60
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class LiveSite:
    url: str
    database_url: str
    environment: dict[str, str]
    log: Path

    def manage(self, *arguments: str) -> str:
        """Run a manage.py command on this site's database and return what it printed."""
        return run_manage(self.environment, *arguments)


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


@pytest.fixture(scope="session")
def live_database_url() -> Iterator[str]:
    """A new, empty database beside the tests' own."""
    server = os.environ["DATABASE_URL"]
    name = f"live_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
        )
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    drop = psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(psycopg.sql.Identifier(name))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(drop)


@pytest.fixture(scope="session")
def live_site(
    live_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """Gunicorn with two gevent workers on an empty, migrated database."""
    data = tmp_path_factory.mktemp("live-site")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "eventmate.settings.local",
            "DATABASE_URL": live_database_url,
            "EVENTMATE_DATA_DIR": str(data),
            "CACHE_KEY_PREFIX": f"live-{uuid4().hex}",
            "PORT": str(port),
            "GUNICORN_BIND": f"fd://{listener.fileno()}",
            "GUNICORN_GRACEFUL_TIMEOUT": "1",
            "WEB_CONCURRENCY": "2",
        }
        run_manage(environment, "migrate", "--verbosity=0")
        run_manage(environment, "collectstatic", "--no-input", "--verbosity=0")
        web = Process(
            "web server",
            [sys.executable, "-m", "gunicorn", "-c", "gunicorn_config.py", "eventmate.wsgi"],
            log=data / "web.log",
            env=environment,
            cwd=REPOSITORY,
            pass_fds=(listener.fileno(),),
        )
        web.start()
        try:
            wait_until_live(web, port)
            assert web.log
            yield LiveSite(f"http://127.0.0.1:{port}", live_database_url, environment, web.log)
        finally:
            web.stop(grace=5)


def wait_until_live(web: Process, port: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not answers(port):
        assert web.log
        assert web.running, web.log.read_text()
        assert time.monotonic() < deadline, web.log.read_text()
        time.sleep(0.05)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health/live/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Its tests reach the database through the site only.

    Playwright keeps an event loop in this thread, in which Django's connections would be others
    than outside of it. It ends with the file, so that later tests know nothing of it.
    """
    program = browser_program()
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=BROWSER_FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new page in a browser profile of its own."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
