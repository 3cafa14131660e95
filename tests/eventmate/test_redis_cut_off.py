"""What becomes of a command that was on its way to Redis when the line was cut."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from eventmate.embedded.redis import socket_path
from eventmate.redis_client import GuardedPool, GuardedRedis
from loadtests.chaos.servers import RedisServer
from tests.eventmate.redis_faults import eventually, running_redis

# Of a command that fits into what one side has to send, and not into what the other has received.
BYTES = 300_000
RECEIVED = 4096


class Plain(redis.Connection):
    """As Redis' own library makes it."""


class Line:
    """Between a client and a Redis. While it is cut, nothing arrives; then all that was sent."""

    def __init__(self, server: Path) -> None:
        self._server = str(server)
        self._whole = threading.Event()
        self._whole.set()
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._whole.clear()

    def mend(self) -> None:
        self._whole.set()

    def close(self) -> None:
        self.mend()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            server.connect(self._server)
            back = threading.Thread(target=self._carry, args=(server, client), daemon=True)
            back.start()
            self._carry(client, server)
            back.join()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(RECEIVED):
                self._whole.wait()
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@pytest.fixture
def server(tmp_path: Path, redis_url: str) -> Iterator[RedisServer]:
    with running_redis(tmp_path) as server:
        yield server


@pytest.fixture
def line(server: RedisServer, tmp_path: Path) -> Iterator[Line]:
    line = Line(socket_path(tmp_path))
    yield line
    line.close()


@pytest.mark.parametrize("protected", [False, True])
def test_command_that_was_given_up_does_not_arrive_later(
    server: RedisServer, line: Line, protected: bool
) -> None:
    pool = GuardedPool.from_url(
        f"redis://127.0.0.1:{line.port}",
        alias="sessions",
        prefix="",
        timeout=5,
        socket_timeout=0.5,
        retry=Retry(NoBackoff(), 0),
        **({} if protected else {"connection_class": Plain}),
    )
    client = GuardedRedis(connection_pool=pool)
    client.set("session", "new")
    line.cut()
    with pytest.raises(redis.TimeoutError):
        client.set("session", "x" * BYTES)
    with server.connect() as operator:
        operator.delete("session")
        line.mend()

        # Not the breaker's either, which looks from time to time.
        assert eventually(lambda: len(operator.client_list()) == 1)
        assert operator.exists("session") is not protected
