"""Pages of events that are being made for as long as a test wants."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.locks import WAITING

RENDERING = WAITING


@contextmanager
def reviews_locked(database_url: str) -> Iterator[psycopg.Connection]:
    """Whoever reads a review waits, as does the page of any event."""
    with psycopg.connect(database_url, autocommit=True) as connection, connection.transaction():
        connection.execute("LOCK TABLE events_review IN ACCESS EXCLUSIVE MODE")
        yield connection
