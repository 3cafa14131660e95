"""What a snapshot sees is what PostgreSQL says that it does."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import psycopg
import pytest

from eventmate.pages.snapshots import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def connections(database: str) -> Iterator[list[psycopg.Connection]]:
    """Six, each for a transaction of its own."""
    with ExitStack() as open_ones:
        yield [open_ones.enter_context(closing(psycopg.connect(database))) for _ in range(6)]


def begin(connection: psycopg.Connection) -> int:
    """The number of a transaction that is open from now on."""
    row = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
    assert row
    return int(row[0])


def test_it_sees_those_that_were_over_and_no_other(
    connections: list[psycopg.Connection], database: str
) -> None:
    numbers = [begin(connection) for connection in connections[:4]]
    connections[1].commit()
    connections[3].rollback()
    with psycopg.connect(database, autocommit=True) as observer:
        row = observer.execute("SELECT pg_current_snapshot()::text").fetchone()
        assert row
        text = row[0]
        connections[0].commit()
        numbers += [begin(connection) for connection in connections[4:]]
        around = [*numbers, min(numbers) - 1, max(numbers) + 5]
        rows = observer.execute(
            "SELECT number, pg_visible_in_snapshot(number::text::xid8, %s::pg_snapshot)"
            " FROM unnest(%s::bigint[]) AS number",
            [text, around],
        ).fetchall()

    snapshot = read(text)
    assert {number: snapshot.sees(number) for number in around} == dict(rows)
    assert [snapshot.sees(number) for number in numbers] == [False, True, False, True, False, False]


def test_it_is_read_with_and_without_open_transactions() -> None:
    assert read("10:20:10,14").running == {10, 14}
    assert read("10:10:").running == frozenset()
    assert [number for number in range(8, 12) if read("10:10:").sees(number)] == [8, 9]
