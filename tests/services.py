"""A pytest plugin: a private PostgreSQL and Redis for the whole run, before settings are loaded.

DATABASE_URL and REDIS_URL of the environment are used instead where they are set. What is missing
on this machine skips the tests that need it, or, with EVENTMATE_REQUIRE_SERVICES=1, fails the run.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from eventmate.embedded import postgres, redis
from loadtests import made_once
from loadtests.site import with_parameter
from tests.databases import drop_migrated_database

# Under tests/. They begin first, as one that begins last is what the whole run waits for.
SLOWEST = (
    "bookings/test_rush.py",
    "chaos/",
    "eventmate/test_launcher.py",
    "bookings/test_seed_demo.py",
    "eventmate/test_bad_input.py",
    "loadtests/",
    "eventmate/limits/",
    "eventmate/middleware/test_last_copies_live.py",
    "eventmate/pages/",
    "bookings/test_properties.py",
    "e2e/",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browser_program() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    # A wrapper runs before pytest-django's own, which loads the settings.
    gc.disable()
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        _refuse_missing_services()
        _start_services(early_config)
    os.environ["CACHE_KEY_PREFIX"] = f"test-{worker or 'main'}"
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    # One more than there are cores: tests of the real site wait for it as often as they compute.
    return 1 + (os.cpu_count() or 1)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # After pytest-randomly, whose order is kept among equals.
    items.sort(key=_place)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    # What is loaded by now stays, and is not looked through for garbage again and again.
    gc.freeze()
    gc.enable()


def _place(item: pytest.Item) -> int:
    path = item.nodeid.removeprefix("tests/")
    return next((at for at, slow in enumerate(SLOWEST) if path.startswith(slow)), len(SLOWEST))


def _refuse_missing_services() -> None:
    if os.environ.get("EVENTMATE_REQUIRE_SERVICES") != "1":
        return
    if not os.environ.get("REDIS_URL") and redis.program() is None:
        raise pytest.UsageError("EVENTMATE_REQUIRE_SERVICES=1, and there is no redis-server.")
    if browser_program() is None:
        raise pytest.UsageError("EVENTMATE_REQUIRE_SERVICES=1, and there is no Chromium.")


def _start_services(config: pytest.Config) -> None:
    services = ExitStack()
    config.add_cleanup(services.close)
    if not os.environ.get("DATABASE_URL"):
        # For the sites of tests and their commands as well: a machine that stands still for some
        # seconds is no server that is gone.
        url = services.enter_context(postgres.private())
        os.environ["DATABASE_URL"] = with_parameter(url, "connect_timeout", "30")
    if not os.environ.get("REDIS_URL") and redis.program():
        os.environ["REDIS_URL"] = services.enter_context(redis.private())
    folder = services.enter_context(tempfile.TemporaryDirectory(prefix="eventmate-tests-"))
    os.environ[made_once.FOLDER] = folder
    services.callback(drop_migrated_database, Path(folder))
