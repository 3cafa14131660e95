"""The command where there are no events yet: all at once, with indexes made at the end."""

import signal
import subprocess
import time

import psycopg
import pytest

from events.generating.filling import DOCUMENTS, PARALLEL, TABLES
from events.generating.new_files import give_new_files
from tests.events.generating.conftest import COUNT, Database
from tests.events.generating.processes import kill_a_writer, writers_of

SCHEMA = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) || convalidated
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
     UNION ALL
    SELECT indrelid::regclass::text, indexrelid::regclass::text,
           pg_get_indexdef(indexrelid) || indisvalid || indisready || indislive
           || indisclustered
      FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE relnamespace = 'public'::regnamespace
     UNION ALL
    SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) || tgenabled::text
      FROM pg_trigger WHERE NOT tgisinternal
     UNION ALL
    SELECT tgrelid::regclass::text, conname, tgfoid::regproc || tgenabled::text
      FROM pg_trigger JOIN pg_constraint ON pg_constraint.oid = tgconstraint
     ORDER BY 1, 2, 3
"""
FIRST_ROWS = """
    SELECT to_jsonb(event), to_jsonb(listing)
      FROM events_event AS event LEFT JOIN events_listing AS listing ON event_id = event.id
     ORDER BY event.id LIMIT 200
"""
IS_FILLING = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND query LIKE '%%INSERT INTO events_listing%%'
       AND pid <> pg_backend_pid()
"""
IS_WRITING = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
"""


def test_no_constraint_index_or_trigger_is_another_one_afterwards(filled, database):
    migrated = database.rows(SCHEMA)

    assert filled.rows(SCHEMA) == migrated
    names = {name for _, name, _ in migrated}
    assert {"event_slug_unique", "event_uid_unique", "listing_words_and_tags"} <= names


def test_new_rows_get_keys_that_are_free(filled):
    for table in ("events_event", "events_tickettype", "events_favorite"):
        key = filled.value("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", table)
        assert key > filled.value(f"SELECT max(id) FROM {table}")  # noqa: S608  # one of three


def test_words_are_made_by_parallel_workers(filled):
    with psycopg.connect(filled.url) as connection:
        connection.execute(PARALLEL)
        [(outermost,), *_] = connection.execute("EXPLAIN " + DOCUMENTS, [1, COUNT]).fetchall()

    assert outermost.startswith("Gather")


def test_what_an_empty_database_is_filled_with_is_in_new_files(filled, database):
    """Of which PostgreSQL keeps no log."""
    files = "SELECT name, pg_relation_filenode(name) FROM unnest(%s::text[]) AS name"
    migrated = database.rows(files, list(TABLES))

    assert not set(filled.rows(files, list(TABLES))) & set(migrated)
    # Rows of a table that was not vacuumed are known to be there for all: they came frozen.
    assert filled.value(
        "SELECT relallvisible > 0 FROM pg_class WHERE relname = 'events_tickettype'"
    )

    database.manage("generate_events", "10")
    few = database.rows(files, list(TABLES))
    database.manage("generate_events", "10", "--at-once")
    assert database.rows(files, list(TABLES)) == few


def test_rows_in_new_files_are_not_logged(database):
    with psycopg.connect(database.url) as connection:
        if connection.execute("SHOW wal_level").fetchone() != ("minimal",):
            pytest.skip("This PostgreSQL logs all rows.")

        with connection.transaction(force_rollback=True):
            assert bytes_logged(connection) > 50_000
        with connection.transaction(force_rollback=True), connection.cursor() as cursor:
            assert give_new_files(cursor, TABLES)
            assert bytes_logged(connection) == 0
            assert not give_new_files(cursor, TABLES)


def bytes_logged(connection: psycopg.Connection) -> int:
    """Of a thousand rows."""
    connection.execute("SET LOCAL session_replication_role = replica")
    [(plan,)] = connection.execute(
        "EXPLAIN (ANALYZE, WAL, FORMAT JSON)"
        " INSERT INTO events_ticketstock (ticket_type_id, capacity, taken, waiting)"
        " SELECT number, 1, 0, 0 FROM generate_series(1, 1000) AS number"
    ).fetchall()
    return plan[0]["Plan"]["WAL Bytes"]


def started(database: Database, **more: str) -> subprocess.Popen[bytes]:
    """The command, once it writes. ``more`` is for its environment."""
    command = database.start(
        "generate_events", "1000000", more=more, stdout=-1, stderr=subprocess.STDOUT
    )
    while not database.value(IS_FILLING):
        assert command.poll() is None, command.communicate()[0]
        time.sleep(0.02)
    return command


@pytest.mark.parametrize(
    ("sign", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_nothing_is_left_when_it_is_stopped(database, sign, status):
    migrated = database.rows(SCHEMA)
    command = started(database)

    command.send_signal(sign)
    output = command.communicate(timeout=60)[0].decode()

    assert command.returncode == status
    assert ("No event was added" in output) == (sign == signal.SIGINT)
    assert "Traceback" not in output
    # This waits for PostgreSQL to take back what was written.
    assert database.value("SELECT count(*) FROM events_event") == 0
    assert database.value("SELECT count(*) FROM events_tickettype") == 0
    assert database.value("SELECT count(*) FROM events_listing") == 0
    assert database.rows(SCHEMA) == migrated
    database.manage("generate_events", "300")
    assert database.value("SELECT count(*) FROM events_event") == 300


def test_files_go_after_the_process_that_writes_them(database, tmp_path):
    """Else it may write one into a folder that is being removed, which is an error then."""
    command = started(database, TMPDIR=str(tmp_path))
    [writer] = writers_of(command)
    writer.suspend()

    command.terminate()
    while database.value(IS_WRITING):
        time.sleep(0.02)
    assert list(tmp_path.iterdir())
    writer.resume()
    command.communicate(timeout=60)

    assert command.returncode == 143
    assert not list(tmp_path.iterdir())


def test_process_that_is_killed_ends_it_with_a_message(database):
    command = started(database)

    kill_a_writer(command)
    output = command.communicate(timeout=60)[0].decode()

    assert command.returncode == 1
    assert "one of the processes was killed. No event was added" in output
    assert "Traceback" not in output
    assert database.value("SELECT count(*) FROM events_event") == 0


def test_it_does_not_wait_for_who_reads_events(database):
    """Whoever came after it would wait too."""
    with psycopg.connect(database.url) as reader:
        reader.execute("SELECT FROM events_event")
        command = database.start("generate_events", "10", stdout=-1, stderr=subprocess.STDOUT)
        output = command.communicate(timeout=60)[0].decode()

    assert command.returncode == 1
    assert "lock timeout. No event was added" in output
    assert database.value("SELECT count(*) FROM events_event") == 0


def test_events_that_are_there_already_stay_when_more_are_added_at_once(database):
    database.manage("generate_events", "200")
    before = database.rows(FIRST_ROWS)

    database.manage("generate_events", "6000", "--at-once")

    assert database.rows(FIRST_ROWS) == before
    assert database.value("SELECT count(*) FROM events_event") == 6200
    assert not database.rows(
        "SELECT event_id FROM events_listing_source WHERE is_active AND ends_at > now()"
        " EXCEPT SELECT event_id FROM events_listing"
    )
