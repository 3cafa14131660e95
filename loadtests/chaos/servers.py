"""A PostgreSQL and a Redis that are there to be killed, hung and started again."""

import contextlib
import os
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
from redis import Redis

from eventmate.embedded import redis
from eventmate.embedded.cluster import Cluster
from eventmate.embedded.postgres import DATABASE, PRIVATE_SETTINGS
from eventmate.embedded.process import Process
from loadtests.made_once import made_once
from loadtests.site import run_manage

DIRECTORY = "postgres"
PATIENCE = 30.0
SILENCE = 0.5
"""Seconds after which a server that says nothing is hung."""
SSL_REQUEST = struct.pack("!II", 8, 80877103)
"""What a client of PostgreSQL may begin with, and is always answered."""


class PostgresServer:
    """Every fault is proved before the method that makes it returns. It has the site's tables."""

    def __init__(self, folder: Path) -> None:
        self._cluster = _cluster(folder)

    @property
    def url(self) -> str:
        return self._cluster.url(DATABASE)

    def start(self) -> None:
        if not self._cluster.directory.exists():
            made = made_once("cluster", _make_cluster) / DIRECTORY
            subprocess.run(["cp", "-a", made, self._cluster.directory], check=True)  # noqa: S607
        self._cluster.start()

    def stop(self) -> None:
        """Stop it as an operator does: who is connected is cut off."""
        self._cluster.stop()
        assert not self._cluster.answers(), "PostgreSQL was stopped, and answers"

    def restart(self) -> None:
        self.stop()
        self.start()

    def hang(self) -> None:
        """SIGSTOP all its processes: connections stay open, and nothing is answered on them."""
        for process in self.processes():
            process.suspend()
        for process in self.processes():  # one that was being born meanwhile
            process.suspend()
        assert self._is_silent(), "PostgreSQL was suspended, and answers"

    def resume(self) -> None:
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()

    def mend(self) -> None:
        """Have it running, whatever was done to it."""
        self.resume()
        if not self._cluster.answers():
            self.start()

    def close(self) -> None:
        self.resume()
        self._cluster.stop()

    def processes(self) -> list[psutil.Process]:
        """The postmaster and then its children; none where it does not run."""
        try:
            text = (self._cluster.directory / "postmaster.pid").read_text()
            postmaster = psutil.Process(int(text.split("\n", 1)[0]))
            return [postmaster, *postmaster.children(recursive=True)]
        except (FileNotFoundError, psutil.NoSuchProcess):
            return []

    def connect(self) -> psycopg.Connection:
        """A connection past the site."""
        return psycopg.connect(self.url, connect_timeout=5, autocommit=True)

    def _is_silent(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(SILENCE)
            try:
                connection.connect(str(self._cluster.sockets / ".s.PGSQL.5432"))
                connection.sendall(SSL_REQUEST)
                connection.recv(1)
            except TimeoutError:
                return True
        return False


def _cluster(folder: Path) -> Cluster:
    return Cluster(
        folder / DIRECTORY,
        log=folder / "postgres.log",
        settings=PRIVATE_SETTINGS,
        sync=False,
        leashed=True,
    )


def _make_cluster(folder: Path) -> None:
    """One that is migrated, which takes seconds."""
    cluster = _cluster(folder)
    cluster.start()
    cluster.ensure_database(DATABASE)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "eventmate.settings.local",
        "SECRET_KEY": "only-to-migrate",
        "DATABASE_URL": cluster.url(DATABASE),
    }
    run_manage(environment, "migrate", "--verbosity=0")
    cluster.stop()


class RedisServer:
    """The same of a Redis."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: Process | None = None

    @property
    def url(self) -> str:
        return redis.url(redis.socket_path(self._folder))

    def answers(self) -> bool:
        return redis.answers(redis.socket_path(self._folder))

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        self._process = redis.start(self._folder)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        wait_until(lambda: not self._running(), "Redis was killed, and runs")
        assert not self.answers(), "Redis was killed, and answers"

    def hang(self) -> None:
        self._signal(signal.SIGSTOP)
        assert not self.answers(), "Redis was suspended, and answers"

    def resume(self) -> None:
        self._signal(signal.SIGCONT)
        assert self.answers(), "Redis was resumed, and does not answer"

    def mend(self) -> None:
        if self._running():
            self.resume()
        else:
            self.start()

    def connect(self, database: int = 0) -> Redis:
        """A connection past the site, to one of the numbered databases."""
        return Redis.from_url(f"{self.url}?db={database}", socket_timeout=1)

    def close(self) -> None:
        if self._process and self._running():
            self._signal(signal.SIGCONT)
            self._process.stop(grace=5)

    def _running(self) -> bool:
        return bool(self._process and self._process.running)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process, "Redis was never started"
        psutil.Process(self._process.pid).send_signal(number)


def wait_until(
    happened: Callable[[], object], otherwise: str, *, patience: float = PATIENCE
) -> float:
    """Return after how many seconds it had happened; fail where it does not."""
    start = time.monotonic()
    while not happened():
        assert time.monotonic() - start < patience, f"{otherwise} after {patience:g} s"
        time.sleep(0.02)
    return time.monotonic() - start
