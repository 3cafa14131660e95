"""The launcher with all that it starts, one after another: it is several processes each time."""

import json
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from threading import Thread

import psutil
import psycopg
import pytest

from eventmate.embedded import paths, postgres
from eventmate.embedded.paths import REPOSITORY
from tests.eventmate.machine import bare_environment, is_gone, run, running, wait_until

pytestmark = pytest.mark.timeout(240)

END = "(it ended)"
LOGINS = {
    "admin": {"email": "admin@example.org", "password": "made-up"},
    "host": {"email": "host@example.org", "password": "made-up"},
}


@dataclass
class Launched:
    process: subprocess.Popen[str]
    lines: Queue[str] = field(default_factory=Queue)
    seen: list[str] = field(default_factory=list)

    def read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(END)

    def wait_for(self, text: str) -> str:
        while not self.seen or text not in self.seen[-1]:
            self.seen.append(self.lines.get(timeout=120))
            assert self.seen[-1] is not END, "".join(self.seen)
        return self.seen[-1].strip()

    def wait_until_ready(self) -> str:
        address = self.wait_for("EventMate is at ").removeprefix("EventMate is at ")
        self.wait_for("Ctrl-C")
        return address

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, *words: str) -> psutil.Process:
        found = [one for one in self.children() if set(words) <= set(one.cmdline())]
        assert found, "".join(self.seen)
        return found[0]

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


def status_of(address: str) -> int | None:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own site
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


@contextmanager
def launched(data: Path, *arguments: str, **settings: str) -> Iterator[Launched]:
    with subprocess.Popen(
        [sys.executable, "-m", "eventmate.launcher", *arguments],
        cwd=REPOSITORY,
        env=bare_environment(data, **{"PORT": "0", "WEB_CONCURRENCY": "2"} | settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        site = Launched(process)
        reader = Thread(target=site.read)
        reader.start()
        try:
            yield site
        finally:
            if process.poll() is None:
                site.end(signal.SIGTERM)
            reader.join()


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """The data directory of a site that is past its first run."""
    with tempfile.TemporaryDirectory(prefix="eventmate-") as folder:
        (Path(folder) / "demo-login.json").write_text(json.dumps(LOGINS))
        yield Path(folder)


@pytest.fixture
def unrelated() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"]) as process:
        yield process
        process.kill()


def test_first_run_loads_the_demo_and_says_where_to_look(service_folder: Path) -> None:
    with launched(service_folder) as site:
        address = site.wait_until_ready()
        credentials = service_folder / "demo-login.json"
        assert credentials.stat().st_mode & 0o077 == 0
        said = "".join(site.seen)
        for login in json.loads(credentials.read_text()).values():
            assert login["email"] in said
            assert login["password"] in said
        assert f"{address}admin/" in said
        with urllib.request.urlopen(f"{address}events/") as response:  # noqa: S310 - our own site
            assert b"/event/" in response.read()
        assert site.end(signal.SIGINT) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_all_that_it_started_and_nothing_else(
    data: Path, unrelated: subprocess.Popen[bytes], number: signal.Signals
) -> None:
    with launched(data) as site:
        site.wait_until_ready()
        started = site.children()
        assert {site.child("gunicorn"), site.child("procrastinate")} <= set(started)
        assert site.end(number) == 0
    assert [child for child in started if not is_gone(child)] == []
    assert running("bin/postgres", str(data)) == []
    assert unrelated.poll() is None


def test_empty_urls_are_as_unset(data: Path) -> None:
    with launched(data, DATABASE_URL="", REDIS_URL="") as site:
        site.wait_until_ready()
        assert "postgres" in {child.name() for child in site.children()}
        assert site.end(signal.SIGINT) == 0


def test_signal_while_it_starts_stops_it_as_well(data: Path) -> None:
    with launched(data) as site:
        site.wait_for("Preparing")
        started = site.children()
        assert site.end(signal.SIGINT) == 0
        assert [child for child in started if not is_gone(child)] == []


def test_server_that_another_process_holds_stays(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENTMATE_DATA_DIR", str(data))
    with postgres.joined(paths.make_data_dir()):
        (server,) = running("bin/postgres", str(data), "unix_socket_directories")
        with launched(data) as site:
            site.wait_until_ready()
            assert site.end(signal.SIGINT) == 0
        assert not is_gone(server)
    assert is_gone(server)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's leash is Linux's")
def test_killed_launcher_takes_web_and_worker_with_it_and_can_start_again(data: Path) -> None:
    with launched(data) as site:
        site.wait_until_ready()
        started = [child for child in site.children() if child.name() != "postgres"]
        site.process.kill()
        wait_until(lambda: all(is_gone(child) for child in started))
    with launched(data) as site:
        site.wait_until_ready()
        assert site.end(signal.SIGINT) == 0
    assert running("bin/postgres", str(data)) == []


def test_worker_that_dies_is_started_again(data: Path) -> None:
    with launched(data) as site:
        site.wait_until_ready()
        first = site.child("procrastinate")
        first.kill()
        assert "The worker ended by itself" in site.wait_for("worker")
        wait_until(lambda: any("procrastinate" in one.cmdline() for one in site.children()))
        assert site.child("procrastinate") != first


def test_database_server_that_is_killed_is_started_again(data: Path) -> None:
    with launched(data) as site:
        address = site.wait_until_ready()
        site.child("-D").kill()
        assert "The database server ended by itself" in site.wait_for("database server")
        wait_until(lambda: status_of(f"{address}health/ready/") == 200)
        assert status_of(f"{address}events/") == 200
        assert site.end(signal.SIGINT) == 0
    assert running("bin/postgres", str(data)) == []


def test_web_server_that_dies_ends_the_rest(data: Path) -> None:
    with launched(data) as site:
        site.wait_until_ready()
        started = site.children()
        site.child("gunicorn").kill()
        assert "The web server ended by itself" in site.wait_for("web server")
        assert site.process.wait(60) == 1
        assert [child for child in started if not is_gone(child)] == []


def test_development_site_says_where_it_is_and_stops(data: Path) -> None:
    with launched(data, "--dev") as site:
        site.wait_until_ready()
        started = site.children()
        assert any("watchfiles" in child.cmdline() for child in started)
        assert site.end(signal.SIGINT) == 0
    assert [child for child in started if not is_gone(child)] == []


def test_services_that_are_given_are_used_and_none_is_started(
    service_folder: Path, live_database_url: str, redis_url: str
) -> None:
    (service_folder / "demo-login.json").write_text(json.dumps(LOGINS))
    secret = service_folder / "database_url"
    secret.write_text(f"{live_database_url}\n")
    given = {"DATABASE_URL_FILE": str(secret), "REDIS_URL": redis_url, "WEB_CONCURRENCY": ""}
    with launched(service_folder, **given) as site:
        site.wait_until_ready()
        assert {child.name() for child in site.children()}.isdisjoint({"postgres", "redis-server"})
        with psycopg.connect(live_database_url) as connection:
            connection.execute("SELECT count(*) FROM django_migrations")
    assert not (service_folder / "postgres").exists()


def refusal(data: Path, **settings: str) -> str:
    refused = run("-m", "eventmate.launcher", env=bare_environment(data, **settings))
    assert refused.returncode == 1
    assert refused.stdout == ""
    (line,) = refused.stderr.splitlines()
    return line


def test_port_in_use_is_one_clear_line(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refusal(data, PORT=str(port))
    assert f"Port {port} " in said
    assert "PORT=" in said


def test_data_directory_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refusal(tmp_path / "file" / "data", PORT="0")


@pytest.mark.parametrize("port", ["web", "-1", "65536"])
def test_port_that_is_none_is_one_clear_line(data: Path, port: str) -> None:
    assert repr(port) in refusal(data, PORT=port)


def test_number_of_workers_that_is_none_is_one_clear_line(data: Path) -> None:
    said = refusal(data, PORT="0", WEB_CONCURRENCY="many")
    assert said == "WEB_CONCURRENCY must be a whole number, not 'many'."


def test_settings_that_are_refused_are_one_clear_line(data: Path) -> None:
    environment = bare_environment(data, PORT="0", DATABASE_URL="mysql://events@127.0.0.1/events")
    refused = run("-m", "eventmate.launcher", env=environment)
    assert refused.returncode == 1
    why, end = refused.stderr.splitlines()
    assert why.startswith("DATABASE_URL must be a postgresql:// URL")
    assert end == "EventMate does not start: the preparation failed, as said above."


def test_host_that_is_none_is_one_clear_line(data: Path) -> None:
    assert "cannot listen on 192.0.2.1" in refusal(data, HOST="192.0.2.1", PORT="0")
