"""A live site with two workers, on a database of its own, for all tests of pages."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections
from psycopg.conninfo import make_conninfo

from eventmate.pages.site import Pages
from loadtests.site import LiveSite, serving, with_session
from tests.databases import new_database
from tests.eventmate.pages.insider import Insider, inside
from tests.live import PATIENT_SESSION, PATIENT_SITE

WHERE = ("host", "port", "dbname", "user", "password")


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    with new_database() as url:
        yield with_session(url, PATIENT_SESSION)


@pytest.fixture(scope="session")
def site(
    database_url: str, tmp_path_factory: pytest.TempPathFactory, redis_url: str
) -> Iterator[LiveSite]:
    with serving(database_url, tmp_path_factory.mktemp("site"), more=PATIENT_SITE) as site:
        yield site


@pytest.fixture(scope="session")
def insider(site: LiveSite) -> Iterator[Insider]:
    with inside(site) as insider:
        yield insider


@pytest.fixture
def database(db: None) -> str:
    """The tests' own, for connections whose transactions commit: how to reach it."""
    parameters = connections["default"].get_connection_params()
    return make_conninfo(**{name: parameters[name] for name in WHERE if parameters.get(name)})


@pytest.fixture
def pages(settings: Any, database: str) -> Iterator[Pages]:
    """Those of a worker that has heard of all changes by now."""
    settings.PAGE_CACHE_MEMORY, settings.REDIS_URL = 4, ""
    pages = Pages()
    pages.news.catch_up()
    yield pages
    pages.news._give_up()


@pytest.fixture
def other(database: str) -> Iterator[psycopg.Connection]:
    """Who changes something, in a transaction."""
    with psycopg.connect(database) as connection:
        yield connection
        connection.rollback()
        connection.execute("DELETE FROM events_pagechange")
