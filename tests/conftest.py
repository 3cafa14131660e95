"""What every test may ask for; more is in the plugins `services.py` and `live.py`."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventmate.embedded.paths import REPOSITORY


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
