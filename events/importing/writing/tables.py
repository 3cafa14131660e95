"""Temporary tables: what is remembered of a long file is not in memory, and PostgreSQL takes
whole batches of rows in the way that costs it least.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from events.models import Event

COLUMNS = [
    field for field in Event._meta.concrete_fields if not field.primary_key and not field.generated
]
TABLES = """
    DROP TABLE IF EXISTS pg_temp.import_events, pg_temp.import_lines;
    CREATE TEMPORARY TABLE import_events AS SELECT {columns} FROM events_event WITH NO DATA;
    CREATE TEMPORARY TABLE import_lines (uid text PRIMARY KEY, line bigint NOT NULL);
"""
NOTE_LINES = """
    INSERT INTO import_lines SELECT * FROM unnest(%s::text[], %s::bigint[])
    ON CONFLICT DO NOTHING RETURNING uid
"""
UPSERT = """
    INSERT INTO events_event ({columns}) SELECT {columns} FROM import_events
    ON CONFLICT (uid) DO UPDATE SET {updates}
"""


def make_tables() -> None:
    """Empty; they last as long as the connection, or until they are made again."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(TABLES).format(columns=_columns()))


def note_lines(lines: Mapping[str, int]) -> dict[str, int]:
    """Remember on which line each UID stands. Returns the lines of those that were noted before,
    which stay as they are.
    """
    with connection.cursor() as cursor:
        cursor.execute(NOTE_LINES, [list(lines), list(lines.values())])
        known = lines.keys() - {uid for (uid,) in cursor.fetchall()}
        if not known:
            return {}
        cursor.execute("SELECT uid, line FROM import_lines WHERE uid = ANY (%s)", [list(known)])
        return dict(cursor.fetchall())


def upsert(events: Iterable[Event], updated_columns: Iterable[str]) -> None:
    """Write the events in one transaction. Of those whose UID the database has, only these columns
    change.
    """
    updates = sql.SQL(", ").join(
        [sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column)) for column in updated_columns]
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE import_events")
        with (
            connection.wrap_database_errors,
            cursor.copy(sql.SQL("COPY import_events ({}) FROM STDIN").format(_columns())) as target,
        ):
            for event in events:
                target.write_row(list(_values(event)))
        cursor.execute(sql.SQL(UPSERT).format(columns=_columns(), updates=updates))


def _columns() -> sql.Composed:
    return sql.SQL(", ").join([sql.Identifier(field.attname) for field in COLUMNS])


def _values(event: Event) -> Iterator[Any]:
    for field in COLUMNS:
        yield field.get_db_prep_save(field.pre_save(event, add=True), connection)
