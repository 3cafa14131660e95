"""Indexes that are made after the rows: to sort them costs less than to enter each."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

# A primary key stays: foreign keys need it, and keys that rise cost it little.
OF_TABLE = """
    SELECT relname, pg_get_indexdef(indexrelid)
      FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE indrelid = %s::regclass
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
     ORDER BY relname
"""


@contextmanager
def indexed_afterwards(cursor: psycopg.Cursor, *tables: str) -> Iterator[None]:
    """In one transaction: whatever stops it, the tables have all of their indexes. Nobody else
    reads or writes them before the commit.
    """
    indexes = [index for table in tables for index in cursor.execute(OF_TABLE, [table]).fetchall()]
    for name, _ in indexes:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    for _, definition in indexes:
        cursor.execute(definition)
