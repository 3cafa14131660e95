import os
import platform
import signal
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings as project
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from eventmate import __version__
from eventmate.embedded import redis
from health import figures
from health.probe import FRESH_FOR, Probe
from health.querysets import STALLED_AFTER
from tests.health import job_rows
from tests.health.conftest import PATIENT
from tests.health.faults import closed_port, postgres_at, silent_port
from tests.stopwatch import Stopwatch

# Two seconds are the promise; the rest is for a busy machine.
IN_TIME = 3.0
DEAD = int(STALLED_AFTER.total_seconds()) + 5


def report(client: Client) -> dict[str, Any]:
    response = client.get("/health/detailed/")
    assert response.status_code == 200
    return response.json()


def jobs(client: Client) -> dict[str, Any]:
    return report(client)["jobs"]


@pytest.mark.usefixtures("visible_jobs")
def test_tells_of_each_service(client: Client, settings: Any, redis_url: str) -> None:
    settings.REDIS_URL = redis_url
    job_rows.worker()

    told = report(client)

    assert (told["status"], told["version"]) == ("ok", __version__), told
    assert told["checks"] == {"database": "ok", "cache": "ok"}
    assert told["database"]["status"] == "ok"
    assert told["database"]["server_version"]
    assert 0 < told["database"]["connections"] <= told["database"]["max_connections"]
    assert 0 < told["database"]["round_trip_ms"] < 10_000
    assert told["cache"]["status"] == "ok"
    assert told["cache"]["used_memory_bytes"] > 0
    assert 0 < told["cache"]["round_trip_ms"] < 10_000


@pytest.mark.usefixtures("visible_jobs")
def test_tells_what_runs_here(client: Client, settings: Any, redis_url: str) -> None:
    settings.REDIS_URL = redis_url

    told = report(client)

    assert told["versions"] == {
        "eventmate": __version__,
        "python": platform.python_version(),
        "django": django.get_version(),
        "gunicorn": version("gunicorn"),
        "postgresql": told["database"]["server_version"],
        "redis": told["cache"]["server_version"],
    }


@pytest.mark.usefixtures("visible_jobs")
def test_site_whose_database_is_behind_its_code_is_degraded(client: Client) -> None:
    job_rows.worker()
    assert report(client)["migrations"] == {"status": "ok", "pending": []}

    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("bookings", "0001_initial")
    try:
        time.sleep(FRESH_FOR)
        told = report(client)
    finally:
        recorder.record_applied("bookings", "0001_initial")

    assert told["status"] == "degraded"
    assert told["migrations"] == {"status": "degraded", "pending": ["bookings.0001_initial"]}


@pytest.mark.usefixtures("visible_jobs")
def test_jobs_are_well_with_a_worker_and_none_in_trouble(client: Client) -> None:
    worker = job_rows.worker(silent_for=3)
    job_rows.queued()
    job_rows.under_way(by=worker)

    told = jobs(client)

    assert 3 <= told.pop("heartbeat_seconds") < 20
    assert 0 <= told.pop("oldest_due_seconds") < 20
    assert told == {
        "status": "ok",
        "todo": 1,
        "doing": 1,
        "failed": 0,
        "failed_last_day": 0,
        "refused_last_day": 0,
        "stalled": 0,
        "workers": 1,
    }


@pytest.mark.usefixtures("visible_jobs")
def test_site_without_a_worker_is_degraded_and_still_there(client: Client) -> None:
    told = report(client)

    assert told["status"] == told["jobs"]["status"] == "degraded"
    assert told["checks"]["database"] == "ok"
    assert told["jobs"]["workers"] == 0
    assert told["jobs"]["heartbeat_seconds"] is None
    assert told["jobs"]["oldest_due_seconds"] is None


@pytest.mark.usefixtures("visible_jobs")
def test_dead_worker_counts_its_seconds_and_its_jobs(client: Client) -> None:
    alive, dead = job_rows.worker(), job_rows.worker(silent_for=DEAD)
    job_rows.under_way(by=alive)
    job_rows.under_way(by=dead)
    job_rows.stalled()

    told = jobs(client)

    assert (told["status"], told["workers"]) == ("degraded", 1)
    assert (told["doing"], told["stalled"]) == (3, 2)


@pytest.mark.usefixtures("visible_jobs")
def test_failed_jobs_alarm_for_a_day_and_are_counted_as_long_as_they_are_there(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_rows.worker()
    job_rows.failed()
    fresh = jobs(client)
    job_rows.execute("UPDATE procrastinate_events SET at = now() - interval '2 days' RETURNING id")
    monkeypatch.setattr(figures, "database", Probe(figures.read_database, PATIENT))
    old = jobs(client)

    assert (fresh["failed"], fresh["failed_last_day"], fresh["status"]) == (1, 1, "degraded")
    assert (old["failed"], old["failed_last_day"], old["status"]) == (1, 0, "ok")


@pytest.mark.usefixtures("visible_jobs")
@pytest.mark.parametrize(
    ("queue", "attempts", "word"),
    [("mail", 1, "ok"), ("mail", 8, "degraded"), ("default", 1, "degraded")],
)
def test_mail_that_is_refused_for_good_is_no_failure_of_the_site(
    client: Client, queue: str, attempts: int, word: str
) -> None:
    job_rows.worker()
    pk = job_rows.failed(queue=queue)
    sql = "UPDATE procrastinate_jobs SET attempts = %s WHERE id = %s RETURNING id"
    job_rows.execute(sql, attempts, pk)

    told = jobs(client)

    assert (told["status"], told["failed"]) == (word, 1)
    assert told["refused_last_day"] + told["failed_last_day"] == 1


@pytest.mark.usefixtures("visible_jobs")
@pytest.mark.parametrize(("minutes", "word"), [(1, "ok"), (6, "degraded")])
@pytest.mark.parametrize("scheduled", [True, False])
def test_queue_is_behind_when_a_job_has_been_due_for_minutes(
    client: Client, minutes: int, word: str, scheduled: bool
) -> None:
    job_rows.worker()
    old, _new = job_rows.queued(), job_rows.queued()
    table, key = ("jobs", "id") if scheduled else ("events", "job_id")
    job_rows.execute(
        f"UPDATE procrastinate_{table} SET {'scheduled_at' if scheduled else 'at'} ="  # noqa: S608
        f" now() - %s * interval '1 minute' WHERE {key} = %s RETURNING id",
        minutes,
        old,
    )

    told = jobs(client)

    assert 60 * minutes <= told["oldest_due_seconds"] < 60 * minutes + 20
    assert told["status"] == word


@pytest.mark.usefixtures("visible_jobs")
def test_job_of_tomorrow_is_not_due(client: Client) -> None:
    pk = job_rows.queued()
    sql = "UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 day' WHERE id = %s"
    job_rows.execute(f"{sql} RETURNING id", pk)

    assert jobs(client)["oldest_due_seconds"] is None


def test_room_for_uploads_is_told_before_the_first_one(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.STORAGES = project.STORAGES | {
        "default": {"BACKEND": f"{FileSystemStorage.__module__}.FileSystemStorage"}
    }
    settings.MEDIA_ROOT = tmp_path / "not" / "yet"

    media = report(client)["media"]

    assert 0 < media["free_bytes"] <= media["total_bytes"]


def test_uploads_that_are_elsewhere_have_no_figures(client: Client) -> None:
    assert report(client)["media"] == {"status": "elsewhere"}


def test_postgres_that_is_down_is_a_503_with_what_is_known(client, monkeypatch) -> None:
    with closed_port() as port:
        postgres_at(monkeypatch, port)
        response = client.get("/health/detailed/")

    told = response.json()
    assert response.status_code == 503
    assert told["status"] == "unavailable"
    assert told["database"] == {"status": "unavailable"}
    assert told["jobs"] == told["migrations"] == {"status": "unknown"}
    assert told["versions"]["postgresql"] is None
    assert told["web"]["workers"] == 1
    assert str(port) not in response.text


@pytest.mark.usefixtures("impatient_of_postgres", "endless_connecting")
@pytest.mark.parametrize(("path", "status"), [("/health/detailed/", 503), ("/metrics/", 200)])
def test_answers_in_time_when_postgres_hangs(client, monkeypatch, path, status) -> None:
    with silent_port() as (port, accepted):
        postgres_at(monkeypatch, port)
        with Stopwatch() as watch:
            statuses = [client.get(path).status_code for _ in range(3)]

    assert statuses == [status] * 3
    assert watch.seconds < IN_TIME
    # One for the check and one for the figures, however many ask.
    assert len(accepted) == 2


@pytest.mark.usefixtures("impatient_of_redis", "redis_url", "visible_jobs")
def test_hung_redis_is_degraded_at_once(client, settings, tmp_path: Path) -> None:
    server = redis.start(tmp_path)
    try:
        settings.REDIS_URL = redis.url(redis.socket_path(tmp_path))
        os.kill(server.pid, signal.SIGSTOP)
        with Stopwatch() as watch:
            told = report(client)
        os.kill(server.pid, signal.SIGCONT)
    finally:
        server.stop(redis.STOP_TIMEOUT)

    assert told["status"] == "degraded"
    assert told["cache"] == {"status": "degraded"}
    assert told["database"]["status"] == "ok"
    assert watch.seconds < IN_TIME
