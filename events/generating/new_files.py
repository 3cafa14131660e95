"""Empty tables get new files, so that what is written to them need not be written twice."""

from collections.abc import Sequence

import psycopg
from psycopg import sql

HAS_ROWS = "SELECT EXISTS (SELECT FROM {table})"
PRIMARY_KEY = """
    SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE indrelid = %s::regclass AND indisprimary
"""
# The way to new files that no foreign key of another table, and no row of it, minds.
NEW_FILES = "CLUSTER {table} USING {key}; ALTER TABLE {table} SET WITHOUT CLUSTER"


def give_new_files(cursor: psycopg.Cursor, tables: Sequence[str]) -> bool:
    """Whether it did, which takes that all are empty. Of files of its own transaction PostgreSQL
    keeps no log where ``wal_level`` is minimal, as it is in ours: it sees to it that they are on
    the disk before the commit.
    """
    for table in tables:
        has_rows = sql.SQL(HAS_ROWS).format(table=sql.Identifier(table))
        if cursor.execute(has_rows).fetchone() != (False,):
            return False
    for table in tables:
        [(key,)] = cursor.execute(PRIMARY_KEY, [table]).fetchall()
        cursor.execute(
            sql.SQL(NEW_FILES).format(table=sql.Identifier(table), key=sql.Identifier(key))
        )
    return True
