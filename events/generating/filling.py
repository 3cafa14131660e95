"""Filling a catalogue in one transaction, with indexes made at the end.

It costs less than adding batch by batch (writing.py), and leaves nothing when it is stopped. While
it runs nobody else reads or writes events: unasked it is done where there are none.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psycopg
from psycopg import sql

from events.generating.indexes import indexed_afterwards
from events.generating.lines import COLUMNS, copy_lines, take_lines
from events.generating.new_files import give_new_files
from events.generating.offers import MOST_TICKETS
from events.generating.plan import Batch, Plan
from events.generating.processes import draw
from events.generating.references import may_skip_foreign_keys, skip_foreign_keys

# Batches that are drawn, or are being drawn, before they are written.
AHEAD = 8
# Of so many events at once, listings are made: each time parallel workers are started.
LISTED_AT_ONCE = 100_000
TABLES = (*COLUMNS, "events_listing")
LOCKS = f"""
    SET LOCAL lock_timeout = '5s';
    LOCK TABLE {", ".join(TABLES)} IN ACCESS EXCLUSIVE MODE;
    SET LOCAL lock_timeout = 0
"""
MEMORY = "SET LOCAL maintenance_work_mem = '128MB'; SET LOCAL work_mem = '32MB'"
FIRST_KEY = "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
LAST_KEY = "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)"
# The joins of each batch are planned well only where this is known.
ANALYZE = "ANALYZE events_host, events_city, events_category"
# Parallel workers make what takes longest. They do so for a new table only.
DOCUMENTS = """
    CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT event_id, document FROM events_listing_source
     WHERE event_id BETWEEN %s AND %s AND is_active AND ends_at > now()
"""
# For each event of a batch, look up what belongs to it: PostgreSQL does not know yet how many this
# transaction wrote, and would have one worker do it all after another kind of join.
PARALLEL = """
    SET LOCAL parallel_setup_cost = 0;
    SET LOCAL parallel_tuple_cost = 0;
    SET LOCAL min_parallel_table_scan_size = 0;
    SET LOCAL min_parallel_index_scan_size = 0;
    SET LOCAL enable_hashjoin = off;
    SET LOCAL enable_mergejoin = off
"""
LIST = """
    INSERT INTO events_listing ({columns}, document, listed_at, changed_at)
    SELECT {columns}, made.document, clock_timestamp(), clock_timestamp()
      FROM made JOIN events_listing_source USING (event_id)
     ORDER BY event_id
"""
NEW_VERSION = "SELECT nextval('events_listing_version')"

Drawn = tuple[Batch, range, "Future[None]"]


def may_fill(connection: psycopg.Connection, *, at_once: bool) -> bool:
    """Where there are no events, or nobody minds, and the role may do without a look at each row's
    foreign keys, which would take longer than what is gained.
    """
    [(has_events,)] = connection.execute("SELECT EXISTS (SELECT FROM events_event)").fetchall()
    return (at_once or not has_events) and may_skip_foreign_keys(connection)


@dataclass(frozen=True, slots=True)
class Filling:
    plan: Plan
    batches: list[Batch]
    listing_columns: tuple[str, ...]

    def run(self, connection: psycopg.Connection, pool: Executor, folder: Path) -> Iterator[int]:
        """Yields how many more events are written, each time before they are committed.

        The pool's process draws into the folder. When this ends early it may still be at it.
        """
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(LOCKS)
            cursor.execute(MEMORY)
            cursor.execute(PARALLEL)
            skip_foreign_keys(cursor, self.plan)
            cursor.execute(ANALYZE)
            are_new = give_new_files(cursor, TABLES)
            with indexed_afterwards(cursor, "events_event", "events_listing"):
                keys, type_keys = self._reserve_keys(cursor)
                to_list = keys[:0]
                for batch, of_batch in self._drawn(pool, folder, keys, type_keys):
                    lines = take_lines(batch.count, folder, str(batch.first))
                    copy_lines(cursor, lines, are_frozen=are_new)
                    to_list = range(to_list.start, of_batch.stop)
                    if len(to_list) >= LISTED_AT_ONCE or of_batch.stop == keys.stop:
                        self._list(cursor, to_list)
                        to_list = range(of_batch.stop, of_batch.stop)
                    yield batch.count
            cursor.execute(NEW_VERSION)

    def _list(self, cursor: psycopg.Cursor, keys: range) -> None:
        columns = [sql.Identifier(name) for name in self.listing_columns if name != "document"]
        cursor.execute(DOCUMENTS, [keys[0], keys[-1]])
        cursor.execute("ANALYZE made (event_id)")
        cursor.execute(sql.SQL(LIST).format(columns=sql.SQL(", ").join(columns)))
        cursor.execute("DROP TABLE made")

    def _reserve_keys(self, cursor: psycopg.Cursor) -> tuple[range, range]:
        """Of the events, and of their ticket types, where some are left over. Nobody else can take
        one, as the tables are locked.
        """
        count = sum(batch.count for batch in self.batches)
        reserved = []
        for table, number in (("events_event", count), ("events_tickettype", MOST_TICKETS * count)):
            [(first,)] = cursor.execute(FIRST_KEY, [table]).fetchall()
            reserved.append(range(first, first + number))
            cursor.execute(LAST_KEY, [table, reserved[-1][-1]])
        return reserved[0], reserved[1]

    def _drawn(
        self, pool: Executor, folder: Path, keys: range, type_keys: range
    ) -> Iterator[tuple[Batch, range]]:
        """In order, with no more in hand than AHEAD, so that memory does not grow with their
        number.
        """
        coming = self._begun(pool, folder, keys, type_keys)
        begun = deque(islice(coming, AHEAD))
        while begun:
            batch, of_batch, future = begun.popleft()
            future.result()
            yield batch, of_batch
            begun.extend(islice(coming, 1))

    def _begun(
        self, pool: Executor, folder: Path, keys: range, type_keys: range
    ) -> Iterator[Drawn]:
        start = 0
        for batch in self.batches:
            end = start + batch.count
            of_types = type_keys[MOST_TICKETS * start : MOST_TICKETS * end]
            yield (
                batch,
                keys[start:end],
                pool.submit(draw, batch, keys[start:end], of_types, folder),
            )
            start = end
