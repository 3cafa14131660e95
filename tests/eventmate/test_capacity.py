"""Gunicorn asks PostgreSQL before it starts: with a real one of each."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from loadtests.site import answers
from tests.databases import new_database
from tests.eventmate.gunicorn import gunicorn
from tests.eventmate.machine import bare_environment, run, wait_until
from tests.health.faults import closed_port

SITE = ("-c", "gunicorn_config.py", "eventmate.wsgi")


@pytest.fixture
def small_database_url() -> Iterator[str]:
    """A database that allows 30 connections: 20 for the site's web workers."""
    with new_database() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            name = psycopg.sql.Identifier(urlsplit(url).path.lstrip("/"))
            connection.execute(
                psycopg.sql.SQL("ALTER DATABASE {} CONNECTION LIMIT 30").format(name)
            )
        yield url


def capacity(folder: Path, workers: int, pool: int, url: str) -> tuple[int, str]:
    environment = bare_environment(folder, DATABASE_URL=url, DATABASE_POOL_SIZE=str(pool))
    done = run("-m", "eventmate.capacity", str(workers), env=environment)
    return done.returncode, done.stderr


def test_site_starts_where_its_pools_just_fit(small_database_url: str, tmp_path: Path) -> None:
    assert capacity(tmp_path, 2, 10, small_database_url) == (0, "")


@pytest.mark.parametrize(
    ("workers", "pool", "remedies"),
    [
        (
            *(3, 9),
            "set DATABASE_POOL_SIZE to 6 or less; set WEB_CONCURRENCY to 2 or less;"
            " let PostgreSQL allow 7 more (max_connections).",
        ),
        (
            *(21, 1),
            "set WEB_CONCURRENCY to 20 or less; let PostgreSQL allow 1 more (max_connections).",
        ),
    ],
)
def test_refusal_says_what_to_change(
    small_database_url: str, tmp_path: Path, workers: int, pool: int, remedies: str
) -> None:
    code, said = capacity(tmp_path, workers, pool, small_database_url)
    assert code == 1
    assert said == (
        f"Too few connections to PostgreSQL: {workers} web workers (WEB_CONCURRENCY) with {pool}"
        f" each (DATABASE_POOL_SIZE) are {workers * pool}; it allows 30, of which 10 are for jobs"
        f" and commands. Do one of these: {remedies}\n"
    )


def test_server_keeps_its_own_reserve(live_database_url: str, tmp_path: Path) -> None:
    ask = "SELECT current_setting('max_connections')::int"
    with psycopg.connect(live_database_url) as connection:
        ((most,),) = connection.execute(ask).fetchall()
    assert f"it allows {most - 3}," in capacity(tmp_path, most, 1, live_database_url)[1]


def test_gunicorn_starts_no_worker_where_they_do_not_fit(
    small_database_url: str, tmp_path: Path
) -> None:
    environment = bare_environment(
        tmp_path, DATABASE_URL=small_database_url, WEB_CONCURRENCY="2", DATABASE_POOL_SIZE="11"
    )
    with gunicorn(tmp_path, *SITE, env=environment) as refused:
        wait_until(lambda: not refused.process.running)
    assert refused.process.exit_code == 1
    (line,) = refused.log.read_text().splitlines()
    assert line.startswith("Too few connections to PostgreSQL: 2 web workers")


def test_gunicorn_starts_without_postgresql_and_says_so(tmp_path: Path) -> None:
    with closed_port() as port:
        url = f"postgresql://events@127.0.0.1:{port}/events"
        environment = bare_environment(tmp_path, DATABASE_URL=url, WEB_CONCURRENCY="1")
        with gunicorn(tmp_path, *SITE, env=environment) as site:
            wait_until(lambda: answers(site.url))
    assert "PostgreSQL does not answer, and the site waits for it" in site.log.read_text()


def test_settings_that_are_refused_are_one_line_and_no_worker_starts(tmp_path: Path) -> None:
    environment = bare_environment(tmp_path, DATABASE_URL="mysql://events@127.0.0.1/events")
    with gunicorn(tmp_path, *SITE, env=environment) as refused:
        wait_until(lambda: not refused.process.running)
    assert refused.process.exit_code == 1
    (line,) = refused.log.read_text().splitlines()
    assert line.startswith("DATABASE_URL must be a postgresql:// URL")
