"""What tests of the whole site ask for."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtests.chaos.servers import PostgresServer


@pytest.fixture(scope="module")
def own_folder() -> Iterator[Path]:
    """What `service_folder` is for one test."""
    with tempfile.TemporaryDirectory(prefix="eventmate-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def own_postgres(own_folder: Path) -> Iterator[PostgresServer]:
    """One for the tests of a module to stop, which runs."""
    server = PostgresServer(own_folder)
    try:
        server.start()
        yield server
    finally:
        server.close()
