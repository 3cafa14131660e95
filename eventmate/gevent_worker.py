"""The worker that Gunicorn runs: its gevent worker, that does not wait for ever for a reader, and
looks at headers at less cost.
"""

import errno
import os
from collections.abc import Iterable
from typing import Any

from gevent.socket import socket
from gunicorn.http import wsgi
from gunicorn.util import is_hoppish
from gunicorn.workers import ggevent

# Seconds. Each time that the client takes anything they begin anew, so a slow line is no reason to
# hang up: only one that is dead, or a client that means to hold the connection.
SEND_TIMEOUT = float(os.environ.get("GUNICORN_SEND_TIMEOUT") or 30)
# Names that Gunicorn has found nothing wrong with, of which it takes the values as they are.
MOST_NAMES = 500
# Bytes. More than that is not copied to be sent together with the headers.
MOST_JOINED = 2**18

_plain_names: set[str] = set()


class ImpatientSocket(socket):
    """A socket that gives a client up that takes nothing for SEND_TIMEOUT.

    Reading has no timeout here: Gunicorn has one for the head of a request, and
    `eventmate.middleware.body` for what follows.
    """

    def send(self, data: Any, flags: int = 0, **options: Any) -> int:
        # What sendall() and sendfile() send goes through here too, in pieces.
        self.settimeout(SEND_TIMEOUT)
        try:
            return super().send(data, flags, **options)
        except TimeoutError as error:
            # As if it had gone, which Gunicorn does not log as an error.
            raise BrokenPipeError(errno.EPIPE, "The client takes nothing") from error
        finally:
            self.settimeout(None)


class Pieces(list[bytes]):
    """What would be sent, in place of a socket."""

    sendall = list.append


class Response(wsgi.Response):
    """Gunicorn's, that looks at the name of a header once, and at ordinary text without a regular
    expression: a page has seventeen headers, and to look at them took as long as to find the page.
    It sends the headers together with what comes first after them, as each time that something is
    sent takes longer than that.
    """

    sock: Any

    def write(self, arg: bytes) -> None:
        if self.headers_sent or len(arg) > MOST_JOINED:
            super().write(arg)
            return
        client, self.sock = self.sock, Pieces()
        try:
            super().write(arg)
        finally:
            pieces, self.sock = self.sock, client
        client.sendall(b"".join(pieces))

    def process_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        for name, value in headers:
            if name in _plain_names and value.isascii() and value.isprintable():
                self.headers.append((name, value.strip(" ")))
                continue
            super().process_headers([(name, value)])
            has_meaning = name.lower() == "content-length" or is_hoppish(name)
            if not has_meaning and len(_plain_names) < MOST_NAMES:
                _plain_names.add(name)


class GeventWorker(ggevent.GeventWorker):
    def init_process(self) -> None:
        wsgi.Response = Response  # Gunicorn has no setting for it
        super().init_process()

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        if not self.cfg.is_ssl:
            client = ImpatientSocket(
                client.family, client.type, client.proto, fileno=client.detach()
            )
        super().handle(listener, client, addr)
