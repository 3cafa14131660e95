"""What every test may ask for; more is in the plugins `services.py` and `live.py`."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from hypothesis import HealthCheck, settings

from eventmate.embedded.paths import REPOSITORY
from events.search.facet_store import forget_facet_index
from events.search.kept_names import forget_names
from events.search.vocabulary_store import forget_vocabulary
from events.search.word_index import forget_word_index
from tests.databases import migrated_database

# On a machine that stands still for a while, any example is slow. CI has the same ones each time.
settings.register_profile(
    "eventmate",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("EVENTMATE_REQUIRE_SERVICES") == "1",
)
settings.load_profile("eventmate")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The tests' database is a copy as well."""
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = migrated_database()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What a process keeps of the listings is of another test."""
    forget_names()
    forget_facet_index()
    forget_word_index()
    forget_vocabulary()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real files to import, which not every machine has."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no {folder.name} folder of real files beside the repository")
    return folder


@pytest.fixture
def service_folder() -> Iterator[Path]:
    """An empty folder for PostgreSQL's data.

    Unlike tmp_path, whose parent pytest closes to others each time that a run begins, it can be
    reached by the user that PostgreSQL runs as under root.
    """
    with tempfile.TemporaryDirectory(prefix="eventmate-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def redis_url() -> str:
    """A Redis of this test run."""
    if not os.environ.get("REDIS_URL"):
        pytest.skip("no redis-server on this machine")
    return os.environ["REDIS_URL"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Shows the figures that tests have recorded (``record_property("figure", ...)``)."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    figures = [
        value for report in reports for name, value in report.user_properties if name == "figure"
    ]
    if figures:
        terminalreporter.section("figures")
        for figure in figures:
            terminalreporter.write_line(figure)
