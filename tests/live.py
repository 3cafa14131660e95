"""A pytest plugin: the real site, as an operator runs it, and a browser to look at it with."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from loadtests.site import LiveSite, serving, with_session
from tests.databases import new_database
from tests.services import browser_program

BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

# Of sites whose tests are not about how long anything may take: a machine that stands still for
# some seconds must not be what ends a wait for a lock, for a turn to book, or for Redis.
PATIENT_SESSION = "-c lock_timeout=30s -c statement_timeout=30s"
PATIENT_SITE = {"REQUEST_DEADLINE": "60", "REDIS_TIMEOUT": "10"}


@pytest.fixture(scope="session")
def live_database_url() -> Iterator[str]:
    with new_database() as url:
        yield url


@pytest.fixture(scope="session")
def live_site(
    live_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    """Gunicorn with two gevent workers on an empty, migrated database."""
    url = with_session(live_database_url, PATIENT_SESSION)
    with serving(url, tmp_path_factory.mktemp("live-site"), more=PATIENT_SITE) as site:
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
