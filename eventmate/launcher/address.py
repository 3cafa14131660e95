"""Where the site listens."""

import errno
import http.client
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from eventmate.embedded.errors import ServiceError

WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only compared


@dataclass(frozen=True)
class Address:
    """A bound socket, which nobody can take away while the site starts."""

    host: str
    port: int
    descriptor: int

    @property
    def local_host(self) -> str:
        return WILDCARDS.get(self.host, self.host)

    @property
    def url(self) -> str:
        host = f"[{self.local_host}]" if ":" in self.local_host else self.local_host
        return f"http://{host}:{self.port}/"

    def live_status(self) -> int | None:
        """The status of /health/live/, or None while nothing answers."""
        connection = http.client.HTTPConnection(self.local_host, self.port, timeout=2)
        try:
            connection.request("GET", "/health/live/", headers={"Host": "localhost"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


@contextmanager
def bound() -> Iterator[Address]:
    """Bind HOST and PORT, or raise ServiceError with what to do about it."""
    host = os.environ.get("HOST") or "127.0.0.1"
    port = _port(os.environ.get("PORT") or "8000")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise ServiceError(_refusal(host, port, error)) from error
        yield Address(host, listener.getsockname()[1], listener.fileno())


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ServiceError(f"PORT must be a number up to 65535, not {text!r}.")
    return int(text)


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is in use by another program. "
            f"Stop that one, or choose another port: PORT={port + 1} make run"
        )
    return f"EventMate cannot listen on {host} port {port}: {error.strerror}. Set HOST or PORT."
