"""Slow readers, and the headers of answers, at a real Gunicorn."""

import http.client
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from gunicorn.config import Config
from gunicorn.http import wsgi

from eventmate import gunicorn_response
from eventmate.embedded.process import Process
from loadtests.site import answers
from tests.eventmate.gunicorn import Running, gunicorn
from tests.eventmate.long_answer import LENGTH
from tests.eventmate.machine import bare_environment, wait_until

OURS = "eventmate.gevent_worker.GeventWorker"
# Seconds; those of a client that reads must be more than a busy machine stands still.
SEND_TIMEOUT, LONG_SEND_TIMEOUT = 3, 10


@contextmanager
def serving(
    folder: Path,
    worker_class: str,
    application: str = "tests.eventmate.long_answer",
    send_timeout: int = SEND_TIMEOUT,
) -> Iterator[Running]:
    environment = bare_environment(folder, GUNICORN_SEND_TIMEOUT=str(send_timeout))
    arguments = ("--worker-class", worker_class, "--no-control-socket")
    with gunicorn(folder, *arguments, application, env=environment) as server:
        wait_until(lambda: answers(server.url))
        yield server


@contextmanager
def asked(server: Running, path: str) -> Iterator[socket.socket]:
    """A connection that has asked for the long answer and read nothing of it."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)
        client.connect(("127.0.0.1", server.port))
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
        wait_until(lambda: is_held(server.process, client))
        yield client


def is_held(process: Process, client: socket.socket) -> bool:
    """Whether a worker still has its end of the connection open."""
    peer = client.getsockname()
    workers = psutil.Process(process.pid).children()
    return any(one.raddr == peer for worker in workers for one in worker.net_connections("tcp"))


def read_all(client: socket.socket, pause: float = 0) -> int:
    """How much comes until the connection ends, with a pause after each four megabytes."""
    total = since_pause = 0
    while data := client.recv(2**18):
        total += len(data)
        since_pause += len(data)
        if since_pause >= 2**22:
            since_pause = 0
            time.sleep(pause)
    return total


@pytest.mark.parametrize("path", ["/memory", "/file"])
def test_client_that_takes_nothing_is_given_up(tmp_path: Path, path: str) -> None:
    with serving(tmp_path, OURS) as server:
        with asked(server, path) as client:
            wait_until(lambda: not is_held(server.process, client))
            assert read_all(client) < LENGTH
        assert answers(server.url)
    assert "Traceback" not in server.log.read_text()


def test_gunicorns_own_worker_waits_for_it_for_ever(tmp_path: Path) -> None:
    with serving(tmp_path, "gevent") as server, asked(server, "/memory") as client:
        time.sleep(2 * SEND_TIMEOUT)
        assert is_held(server.process, client)


@pytest.mark.parametrize("path", ["/memory", "/file"])
def test_client_that_reads_slowly_gets_all_of_it(tmp_path: Path, path: str) -> None:
    with (
        serving(tmp_path, OURS, send_timeout=LONG_SEND_TIMEOUT) as server,
        asked(server, path) as client,
    ):
        started = time.monotonic()
        assert read_all(client, pause=1) > LENGTH
        assert time.monotonic() - started > LONG_SEND_TIMEOUT


def answered(server: Running, path: str) -> tuple[int, dict[str, str], str]:
    """The status, the headers but those of Gunicorn's own, and the body."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        of_gunicorn = ("Server", "Date", "Connection")
        headers = {name: value for name, value in response.getheaders() if name not in of_gunicorn}
        return response.status, headers, response.read().decode()


class Wire(list[bytes]):
    """A connection, as what was sent by it, piece by piece."""

    sendall = list.append


def sent(
    kind: type[wsgi.Response], pieces: Sequence[bytes], *headers: tuple[str, str]
) -> list[bytes]:
    wire = Wire()
    request = SimpleNamespace(method="GET", version=(1, 1), should_close=lambda: False)
    response = kind(request, wire, Config())
    response.start_response("200 OK", [("Content-Type", "text/plain"), *headers])
    for piece in pieces:
        response.write(piece)
    response.close()
    return wire


LARGE = b"x" * (gunicorn_response.MOST_JOINED + 1)


@pytest.mark.parametrize(
    ("pieces", "headers", "times"),
    [
        ([b"all of it"], [("Content-Length", "9")], 1),
        ([b"more than was announced"], [("Content-Length", "4")], 1),
        ([b"some, ", b"and more"], [("Content-Length", "14")], 2),
        ([b"some, ", b"", b"and more"], [], 3),  # in chunks, and their end
        ([b"", b"later"], [("Content-Length", "5")], 2),
        ([], [("Content-Length", "0")], 1),
        ([LARGE], [("Content-Length", str(len(LARGE)))], 2),
    ],
)
def test_headers_are_sent_together_with_what_comes_first(
    monkeypatch: pytest.MonkeyPatch,
    pieces: list[bytes],
    headers: list[tuple[str, str]],
    times: int,
) -> None:
    monkeypatch.setattr(wsgi.util, "http_date", lambda: "Mon, 23 Nov 2026 18:00:00 GMT")

    ours = sent(gunicorn_response.Response, pieces, *headers)

    assert len(ours) == times
    assert b"".join(ours) == b"".join(sent(wsgi.Response, pieces, *headers))


def test_ordinary_headers_are_not_looked_through_again(tmp_path: Path) -> None:
    application = "tests.eventmate.many_headers"
    expected = {
        "Cache-Control": "no-cache",
        "Vary": "Cookie",
        "X-Request-ID": "one",
        "Content-Length": "1",
    }
    with serving(tmp_path, "gevent", application) as server:
        assert [answered(server, "/") for _ in range(2)] == [(200, expected, "5")] * 2
    with serving(tmp_path, OURS, application) as server:
        # The server was asked before, when it started. The other two have a meaning for Gunicorn.
        assert [answered(server, "/") for _ in range(2)] == [(200, expected, "2")] * 2


def test_header_that_would_be_two_is_refused_each_time(tmp_path: Path) -> None:
    with serving(tmp_path, OURS, "tests.eventmate.many_headers") as server:
        for _ in range(2):
            status, headers, _body = answered(server, "/split")
            assert status == 500
            assert "X-Split" not in headers
