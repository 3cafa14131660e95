"""Services that are down, hung or not what they seem: the real faults."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

LOCALHOST = "127.0.0.1"


def postgres_at(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    """From here on the site's PostgreSQL is what listens there."""
    monkeypatch.setitem(connection.settings_dict, "HOST", LOCALHOST)
    monkeypatch.setitem(connection.settings_dict, "PORT", port)
    # A host in the options, of a Unix socket, would win.
    options = {k: v for k, v in connection.settings_dict["OPTIONS"].items() if k != "host"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)


@contextmanager
def closed_port() -> Iterator[int]:
    """A port that refuses connections, kept from others meanwhile."""
    with socket.socket() as bound:
        bound.bind((LOCALHOST, 0))
        yield bound.getsockname()[1]


@contextmanager
def silent_port() -> Iterator[tuple[int, list[socket.socket]]]:
    """A server that accepts and never says a word; and the connections that it has accepted."""
    accepted: list[socket.socket] = []
    with socket.create_server((LOCALHOST, 0)) as server:

        def accept() -> None:
            while True:
                try:
                    accepted.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1], accepted
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in accepted:
                connection.close()
