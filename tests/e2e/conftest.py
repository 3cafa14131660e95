"""What the stories stand on: visitors with a browser of their own, their mail, and the worker."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from loadtests.site import LiveSite
from tests.e2e.mailbox import Mailbox

PHONE = {"width": 360, "height": 780}
DESKTOP = {"width": 1280, "height": 900}
PATIENCE = 30_000  # milliseconds, on a machine with more to do

Visit = Callable[..., Page]
Working = Callable[[], AbstractContextManager[None]]

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def visit(live_site: LiveSite, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Someone who opens the site: a page in a browser profile of its own, on a phone unless said
    otherwise. In the end, the browsers must have had nothing to complain of. What they showed
    where the test failed is printed.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def on_response(response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400):
            complaints.append(f"{response.status} {response.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    def opened(**options: Any) -> Page:
        context = browser.new_context(
            **{"base_url": live_site.url, "viewport": PHONE, "reduced_motion": "reduce"} | options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("response", on_response)
        page.on("console", on_console)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    come_to_rest(contexts, telling=request.node.stash.get(FAILED, False))
    said = list(complaints)  # but not of what closing breaks off
    for context in contexts:
        context.close()
    assert said == []


def come_to_rest(contexts: list[BrowserContext], *, telling: bool) -> None:
    """Wait for all pages, and print what they show, which pytest adds to its report."""
    for page in chain.from_iterable(context.pages for context in contexts):
        page.wait_for_load_state()
        if telling:
            print(page.url, page.locator("body").inner_text(), sep="\n")  # noqa: T201


@pytest.fixture(scope="session")
def mailbox(live_site: LiveSite) -> Mailbox:
    return Mailbox(Path(live_site.environment["EVENTMATE_DATA_DIR"]) / "mail")


@pytest.fixture(scope="session")
def working(live_site: LiveSite) -> Working:
    """A worker on the live site while the block runs."""
    return live_site.working


@pytest.fixture(scope="module")
def worker(working: Working) -> Iterator[None]:
    with working():
        yield
