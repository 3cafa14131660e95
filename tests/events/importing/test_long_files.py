"""Files that are too long for memory."""

import io
import json
import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from eventmate.embedded.paths import REPOSITORY
from events.importing.readers.json_objects import rows_in_list, stands_before_list
from events.importing.readers.scanner import Scanner
from events.importing.session import BATCH_SIZE
from events.models import Event
from tests.databases import new_database
from tests.events.importing.conftest import calendar, conference

MEGABYTES = 1024 * 1024
TEXT = "x" * 6000
# What starts a process counts for its peak, and the process of the tests is large.
OF_A_SHELL = ["/bin/sh", "-c", '"$@"; exit $?', "sh"]
MEASURED = """
import resource, sys, django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("import_events", sys.argv[1], "--dry-run", skip_checks=True)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=8,
)


def write_csv(path, count):
    rows = (f"Evening {number},2025-03-04,Berlin,Germany,{TEXT}\n" for number in range(count))
    path.write_text("title,start,city,country,description\n" + "".join(rows))


def write_json(path, count):
    rows = [conference(url=f"https://example.org/{n}", description=TEXT) for n in range(count)]
    path.write_text(json.dumps(rows, indent=0))


def write_calendar(path, count):
    events = [f"UID:{number}@example.org\nDESCRIPTION:{TEXT}" for number in range(count)]
    path.write_text(calendar(*events))


@pytest.mark.parametrize("write", [write_csv, write_json, write_calendar])
def test_memory_does_not_grow_with_the_file(tmp_path, write, record_property):
    path = tmp_path / "events"
    peaks = []
    with new_database() as url:
        for count in (1_000, 6_000):
            write(path, count)
            environment = {"DJANGO_SETTINGS_MODULE": "eventmate.settings.local"}
            done = subprocess.run(
                [*OF_A_SHELL, sys.executable, "-c", MEASURED, str(path)],
                cwd=REPOSITORY,
                env=os.environ | environment | {"DATABASE_URL": url, "REDIS_URL": ""},
                capture_output=True,
                text=True,
                check=True,
            )
            assert f"{count} created" in done.stdout
            peaks.append(int(done.stdout.splitlines()[-1]) / MEGABYTES)
    record_property(
        "figure",
        f"import_events, {write.__name__}: {peaks[0]:.0f} MB for 1,000 rows,"
        f" {peaks[1]:.0f} MB for 6,000 ({path.stat().st_size / MEGABYTES:.0f} MB)",
    )
    assert peaks[1] < peaks[0] + 25


@given(rows=st.lists(values), chunk_size=st.integers(1, 20), indent=st.sampled_from([None, 0, 2]))
def test_json_in_pieces_is_the_same(rows, chunk_size, indent):
    text = json.dumps({"name": "x", "events": rows}, indent=indent, ensure_ascii=False)
    scanner = Scanner(io.StringIO(text), chunk_size)
    assert stands_before_list(scanner)

    read: list[Any] = []
    scanner.expect("[")
    while not scanner.take("]"):
        if read:
            scanner.expect(",")
        read.append(scanner.value())

    assert read == rows


@pytest.mark.parametrize("chunk_size", [1, 7, 1 << 20])
def test_lines_are_counted_across_pieces(chunk_size):
    text = '[\n{"name": "A"},\n\n{"name":\n"B"}, {"name": "C"}\n]'

    lines = [row.line for row in rows_in_list(Scanner(io.StringIO(text), chunk_size))]

    assert lines == [2, 4, 5]


@pytest.mark.django_db
def test_second_row_is_refused_in_a_later_batch_too(import_file):
    rows = [conference(url=f"https://example.org/{number}") for number in range(BATCH_SIZE + 5)]

    output = import_file([*rows, rows[0]])

    assert "The same event (UID) stands on line 2." in output
    assert f"{BATCH_SIZE + 5} created, 0 updated, 0 unchanged, 1 refused" in output


@pytest.mark.django_db
def test_rows_that_only_the_database_refuses_are_refused_alone(import_file):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE events_event ADD CHECK (title <> 'Bad')")
    rows = [conference(url=f"https://example.org/{number}") for number in range(40)]
    bad = {3, 4, 17, 39}
    for number in bad:
        rows[number]["name"] = "Bad"

    output = import_file(rows)

    assert output.count("“Bad”: refused: The database refuses it: new row") == len(bad)
    assert Event.objects.count() == 40 - len(bad)


@pytest.mark.django_db
def test_pipe_is_read_as_well(import_file, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    content = json.dumps([conference()]).encode()
    writing = threading.Thread(target=pipe.write_bytes, args=[content])
    writing.start()

    call_command("import_events", str(pipe))

    writing.join()
    assert Event.objects.count() == 1
