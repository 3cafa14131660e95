"""The worker that Gunicorn runs: its gevent worker, that does not wait for ever for a reader, and
answers at less cost.
"""

import errno
import os
from typing import Any

from gevent.socket import socket
from gunicorn.http import wsgi
from gunicorn.workers import ggevent

from eventmate.gunicorn_response import Response

# Seconds. Each time that the client takes anything they begin anew, so a slow line is no reason to
# hang up: only one that is dead, or a client that means to hold the connection.
SEND_TIMEOUT = float(os.environ.get("GUNICORN_SEND_TIMEOUT") or 30)


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
