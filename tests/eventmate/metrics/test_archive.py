"""The folder of the shared counts: whose it is, and what becomes of processes that ended."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventmate.embedded.paths import REPOSITORY
from eventmate.metrics import sharing
from tests.eventmate.machine import run

COUNT_ONE = """
from eventmate.metrics.instruments import REQUEST_SECONDS, REQUESTS, REQUESTS_IN_FLIGHT
REQUESTS.labels("home", "GET", 200).inc()
REQUEST_SECONDS.labels("home", "GET").observe(0.3)
REQUESTS_IN_FLIGHT.inc()
"""
BEGIN = """
import os
from eventmate.metrics import sharing
sharing.begin()
print(os.environ[sharing.VARIABLE], flush=True)
while input() == "fork":
    sharing.before_fork()
    print("ready", flush=True)
sharing.end()
"""


# Gunicorn's master, which finds a worker gone as it sends it a signal.
FIND_GONE = """
import os, signal, sys
from gunicorn.app.wsgiapp import WSGIApplication
from gunicorn.arbiter import Arbiter
sys.argv = ["gunicorn", "-c", "gunicorn_config.py", "eventmate.wsgi"]
arbiter = Arbiter(WSGIApplication())
worker = arbiter.worker_class(1, 0, [], None, 1, arbiter.cfg, arbiter.log)
worker.pid = int(os.environ["GONE"])
arbiter.WORKERS[worker.pid] = worker
arbiter.kill_worker(worker.pid, signal.SIGTERM)
assert not arbiter.WORKERS
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(sharing.VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def masters() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for master in started:
        master.communicate("end\n" if master.poll() is None else None)


def counting_process() -> int:
    """The pid of a worker that has answered one request, and was killed in the next."""
    worker = subprocess.Popen([sys.executable, "-c", COUNT_ONE], cwd=REPOSITORY)
    assert worker.wait() == 0
    return worker.pid


def begun(masters: list[subprocess.Popen[str]]) -> Path:
    """The folder of a new master."""
    master = subprocess.Popen(
        [sys.executable, "-c", BEGIN],
        cwd=REPOSITORY,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    masters.append(master)
    return Path(master.stdout.readline().strip())


def totals() -> dict[str, float]:
    return {
        sample.name: sample.value
        for metric in sharing.process_metrics()
        for sample in metric.samples
        if not sample.labels.get("le")
    }


@pytest.mark.usefixtures("folder")
def test_counts_of_ended_processes_stay_in_one_place(folder: Path) -> None:
    ended = [counting_process() for _ in range(3)]
    assert len(list(folder.glob("counter_*.db"))) == 3  # this is how they would pile up
    assert totals()["eventmate_requests_in_flight"] == 3
    before = totals()

    for pid in ended:
        sharing.retire(pid)
        assert totals()["eventmate_requests_total"] == 3

    assert sorted(file.name for file in folder.glob("*.db")) == [
        "counter_archive.db",
        "histogram_archive.db",
    ]
    after = totals()
    assert after["eventmate_request_seconds_count"] == 3
    assert after["eventmate_request_seconds_sum"] == before["eventmate_request_seconds_sum"]
    assert "eventmate_requests_in_flight" not in after


def test_counts_of_a_worker_that_the_master_finds_gone_stay(folder: Path) -> None:
    gone = counting_process()

    environment = {**os.environ, "GONE": str(gone)}
    done = run("-c", FIND_GONE, env=environment)

    assert done.returncode == 0, done.stderr
    assert totals()["eventmate_requests_total"] == 1
    assert "eventmate_requests_in_flight" not in totals()


def test_counts_wait_while_another_holds_the_files(folder: Path, caplog) -> None:
    first, second = counting_process(), counting_process()
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        sharing.retire(first)
        with pytest.raises(TimeoutError):
            sharing.process_metrics()
    assert "wait" in caplog.text

    sharing.retire(second)

    assert totals()["eventmate_requests_total"] == 2
    assert len(list(folder.glob("counter_*.db"))) == 1


@pytest.mark.usefixtures("folder")
def test_worker_that_died_before_it_counted_is_no_obstacle(folder: Path) -> None:
    (folder / "counter_77.db").touch()
    assert totals() == {}

    sharing.retire(77)

    assert not list(folder.glob("*.db"))


def test_masters_have_folders_of_their_own(masters) -> None:
    first, second = begun(masters), begun(masters)

    assert first != second
    assert first.is_dir()
    assert second.is_dir()


def test_folder_of_a_killed_master_goes_when_the_next_begins(masters) -> None:
    folder = begun(masters)
    masters[0].kill()
    masters[0].wait()
    assert folder.is_dir()

    begun(masters)

    assert not folder.exists()


def test_folder_that_was_cleared_away_and_made_again_is_its_masters(masters) -> None:
    folder = begun(masters)
    shutil.rmtree(folder)
    masters[0].stdin.write("fork\n")
    masters[0].stdin.flush()
    assert masters[0].stdout.readline() == "ready\n"

    begun(masters)

    assert folder.is_dir()
