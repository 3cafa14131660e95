"""A pytest plugin: the real site, as an operator runs it, and a browser to look at it with."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from loadtests.site import LiveSite, run_manage, serving
from tests.services import browser_program

BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def new_database() -> Iterator[str]:
    """The URL of a new database beside the tests' own: migrated, and with nothing in it."""
    with empty_database(template=migrated_database()) as url:
        yield url


@contextmanager
def empty_database(*, template: str = "template1") -> Iterator[str]:
    """The URL of one that has no tables, or else those of the template."""
    name = f"live_{uuid4().hex}"
    ask_server("CREATE DATABASE {} TEMPLATE {}", name, template)
    yield url_of(name)
    ask_server("DROP DATABASE {} WITH (FORCE)", name)


@cache
def migrated_database() -> str:
    """The name of one that others are copied from: to migrate each would take seconds."""
    name = f"live_template_{uuid4().hex}"
    ask_server("CREATE DATABASE {}", name)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "eventmate.settings.local",
        "SECRET_KEY": "only-for-tests",
        "DATABASE_URL": url_of(name),
    }
    run_manage(environment, "migrate", "--verbosity=0")
    return name


def pytest_sessionfinish() -> None:
    if migrated_database.cache_info().currsize:
        ask_server("DROP DATABASE {}", migrated_database())


def ask_server(statement: str, *names: str) -> None:
    command = psycopg.sql.SQL(statement).format(*map(psycopg.sql.Identifier, names))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(command)


def url_of(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def live_database_url() -> Iterator[str]:
    with new_database() as url:
        yield url


@pytest.fixture(scope="session")
def live_site(
    live_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """Gunicorn with two gevent workers on an empty, migrated database."""
    with serving(live_database_url, tmp_path_factory.mktemp("live-site")) as site:
        yield site


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
