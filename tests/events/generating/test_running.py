"""The command while it runs: what it shows, needs and leaves when it is stopped."""

import os
import pty
import signal
import subprocess
import sys
import termios
import time

import psutil
import psycopg
import pytest

from eventmate.embedded.paths import REPOSITORY
from tests.events.generating.processes import kill_a_writer, writers_of

MEGABYTES = 1024 * 1024
PARTS = """
    SELECT count(*) FROM events_event AS event
     WHERE NOT EXISTS (
        SELECT FROM events_tickettype AS type JOIN events_ticketstock ON ticket_type_id = type.id
         WHERE type.event_id = event.id
     ) OR (is_active AND ends_at > now() + interval '1 hour') <> EXISTS (
        SELECT FROM events_listing AS listing
         WHERE listing.event_id = event.id AND ends_at > now() + interval '1 hour'
     )
"""
# The most memory that this process and each of those that write have had.
# What starts a process counts for its peak, and the process of the tests is large.
OF_A_SHELL = ["/bin/sh", "-c", '"$@"; exit $?', "sh"]
MEASURED = """
import resource, django
django.setup()
from django.core.management import call_command
import sys
if __name__ == "__main__":
    call_command("generate_events", *sys.argv[1:], skip_checks=True)
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        print(resource.getrusage(who).ru_maxrss * 1024)
"""


@pytest.mark.parametrize("way", [[], ["--at-once"]], ids=["added", "at once"])
def test_memory_does_not_grow_with_the_events(begun, record_property, way):
    """Nor with what they refer to, which is there already."""
    peaks = []
    for count in ("5000", "25000"):
        done = subprocess.run(
            [*OF_A_SHELL, sys.executable, "-c", MEASURED, count, *way],
            cwd=REPOSITORY,
            env=begun.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append([int(line) / MEGABYTES for line in done.stdout.splitlines()[-2:]])
    few, many = peaks
    record_property(
        "figure",
        f"{' '.join(['generate_events', *way])}: {few[0]:.0f} and {few[1]:.0f} MB for 5,000 events,"
        f" {many[0]:.0f} and {many[1]:.0f} MB for 25,000",
    )
    assert many[0] < few[0] + 15
    assert many[1] < few[1] + 15


def test_progress_shows_on_a_terminal_and_not_in_a_pipe(database):
    main, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    command = database.start("generate_events", "300", stdout=subprocess.DEVNULL, stderr=terminal)
    assert command.wait() == 0
    os.set_blocking(main, False)
    assert b"0/300" in os.read(main, 65536)
    os.close(terminal)
    os.close(main)

    piped = database.start("generate_events", "300", stdout=subprocess.DEVNULL, stderr=-1)
    assert piped.communicate()[1] == b""


def started(begun):
    """The command where there is an event already, once some more are committed."""
    command = begun.start("generate_events", "1000000", stdout=-1, stderr=subprocess.STDOUT)
    while begun.value("SELECT count(*) FROM events_event") == 1:
        assert command.poll() is None, command.communicate()[0]
        time.sleep(0.05)
    return command


@pytest.mark.parametrize(("sign", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_was_written_is_whole_when_it_is_stopped(begun, sign, status):
    command = started(begun)

    command.send_signal(sign)
    output = command.communicate(timeout=60)[0].decode()

    assert command.returncode == status
    assert "Traceback" not in output
    assert begun.value("SELECT count(*) FROM events_event") > 1
    assert begun.value(PARTS) == 0


def test_stop_while_processes_begin_takes_effect_when_they_have(begun):
    command = begun.start("generate_events", "1000000", stdout=-1, stderr=subprocess.STDOUT)
    while not any(writers_of(command)):
        assert command.poll() is None, command.communicate()[0]
        time.sleep(0.01)

    command.send_signal(signal.SIGINT)
    output = command.communicate(timeout=60)[0].decode()

    assert command.returncode == 130
    assert "Traceback" not in output
    assert "Stopped: interrupted." in output


def test_process_that_is_killed_ends_it_with_a_message(begun):
    command = started(begun)

    kill_a_writer(command)
    output = command.communicate(timeout=60)[0].decode()

    assert command.returncode == 1
    assert "one of the processes was killed" in output
    assert "Traceback" not in output
    assert begun.value(PARTS) == 0


def test_processes_that_write_do_not_outlive_the_command(begun):
    command = started(begun)
    processes = psutil.Process(command.pid).children(recursive=True)

    command.kill()
    command.communicate()

    assert not psutil.wait_procs(processes, timeout=30)[1]
    assert begun.value(PARTS) == 0


def test_two_at_once_are_refused(database):
    with psycopg.connect(database.url) as other:
        other.execute("SELECT pg_advisory_lock(hashtext('eventmate.generate_events'))")
        command = database.start("generate_events", "10", stdout=-1, stderr=subprocess.STDOUT)
        assert b"Another process generates events" in command.communicate()[0]
        assert command.returncode == 1
    assert database.value("SELECT count(*) FROM events_event") == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["0"],
        ["10", "--upcoming", "2"],
        ["10", "--processes", "0"],
        ["10", "--today", "31.12.2026"],
        ["10", "--today", "9999-12-31"],
    ],
)
def test_what_cannot_be_is_refused(database, arguments):
    command = database.start("generate_events", *arguments, stderr=-1)
    assert b"must be" in command.communicate()[1]
    assert command.returncode == 2
