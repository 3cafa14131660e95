"""The lines of Procfile, run by a shell as a platform or Honcho does, with production settings."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from eventmate.embedded.paths import REPOSITORY
from eventmate.embedded.process import Process
from tests.databases import empty_database
from tests.eventmate.machine import bare_environment, wait_until

LINES = dict(
    line.split(": ", 1) for line in (REPOSITORY / "Procfile").read_text().splitlines() if line
)
JOB = ("default", "bookings.verify_inventory", '{"timestamp": 0}')


@pytest.fixture(scope="module")
def environment(
    tmp_path_factory: pytest.TempPathFactory, redis_url: str
) -> Iterator[dict[str, str]]:
    """Of an operator who has an empty database, and a file with its address."""
    folder = tmp_path_factory.mktemp("procfile")
    with empty_database() as url:
        secret = folder / "database_url"
        secret.write_text(f"{url}\n")
        yield bare_environment(
            folder / "data",
            PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            DJANGO_SETTINGS_MODULE="eventmate.settings.prod",
            SECRET_KEY="a-long-random-text-" * 4,
            ALLOWED_HOSTS="events.example.org",
            PUBLIC_URL="https://events.example.org",
            DATABASE_URL_FILE=str(secret),
            REDIS_URL=redis_url,
            WEB_CONCURRENCY="1",
        )


def release(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", LINES["release"]],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def released(environment: dict[str, str]) -> dict[str, str]:
    done = release(environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return environment


@contextmanager
def running(name: str, environment: dict[str, str], folder: Path) -> Iterator[Process]:
    process = Process(
        name,
        ["/bin/sh", "-c", LINES[name]],
        log=folder / f"{name}.log",
        env=environment,
        cwd=REPOSITORY,
    )
    process.start()
    try:
        yield process
    finally:
        process.stop(grace=10)


def rows(environment: dict[str, str], statement: str, *values: object) -> list[tuple[object, ...]]:
    url = Path(environment["DATABASE_URL_FILE"]).read_text().strip()
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement, values).fetchall()


def test_there_are_three_lines() -> None:
    assert sorted(LINES) == ["release", "web", "worker"]


def test_release_migrates_and_collects_static_files(released: dict[str, str]) -> None:
    assert rows(released, "SELECT 1 FROM django_migrations WHERE app = 'bookings' LIMIT 1")
    assert list(Path(released["EVENTMATE_DATA_DIR"]).glob("static/**/*.css.gz"))


def test_release_stops_before_it_changes_anything_where_a_check_fails(
    environment: dict[str, str],
) -> None:
    with empty_database() as url:
        wrong = {k: v for k, v in environment.items() if k != "DATABASE_URL_FILE"}
        wrong |= {"DATABASE_URL": url, "ALLOWED_HOSTS": ""}
        done = release(wrong)
        assert done.returncode == 1
        assert "ALLOWED_HOSTS" in done.stderr
        with psycopg.connect(url) as connection:
            ask = "SELECT to_regclass('django_migrations')"
            assert connection.execute(ask).fetchone() == (None,)


def test_web_is_ready_and_says_who_it_is(released: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def status(path: str) -> int | None:
        """What a proxy on this machine that ends TLS gets."""
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
        request.add_header("Host", "events.example.org")
        request.add_header("X-Forwarded-Proto", "https")
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own site
                return answer.status
        except OSError:
            return None

    with running("web", released | {"PORT": str(port)}, tmp_path):
        wait_until(lambda: status("/health/ready/") == 200)
        assert status("/events/") == 200
        ask = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'eventmate-web'"
        assert rows(released, ask)


def test_worker_takes_a_job(released: dict[str, str], tmp_path: Path) -> None:
    [(job,)] = rows(
        released,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES (%s, %s, %s)"
        " RETURNING id",
        *JOB,
    )
    with running("worker", released, tmp_path) as worker:
        wait_until(
            lambda: not rows(released, "SELECT 1 FROM procrastinate_jobs WHERE id = %s", job)
        )
        assert worker.running
        ask = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'eventmate-worker'"
        assert rows(released, ask)
