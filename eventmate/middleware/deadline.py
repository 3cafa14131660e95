"""An end to each request, whatever it waits for.

Gunicorn's timeout does not bound a request under gevent: other greenlets keep its worker alive.
"""

import contextlib
import logging
import os
import socket
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

import gevent
import psycopg_pool.pool
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponseBase
from gevent import monkey
from psycopg import OperationalError

from eventmate.errors import unavailable

# What the request does to clean up, such as a rollback, may wait in its turn. It is ended as well.
AGAIN = 0.25

Handler = Callable[[HttpRequest], HttpResponseBase]

logger = logging.getLogger(__name__)


class RequestIsLate(BaseException):
    """Not an Exception, so that nothing inside takes it for an error that it can handle."""


# Of who waits in the pool's line: one that leaves with anything else stays in line, is given the
# next connection, and takes it along.
psycopg_pool.pool.CLIENT_EXCEPTIONS = (  # type: ignore[assignment]
    Exception,
    RequestIsLate,
)


class Deadline:
    """Ends what the greenlet that enters it waits for, ``seconds`` later, with RequestIsLate.

    Its database connection is shut down first: whatever it then has to do with it fails at once,
    where a server that hangs would keep it waiting, and the pool replaces the connection.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._greenlet = gevent.getcurrent()
        # The greenlet's own, which the event loop cannot look up from outside.
        self._database: BaseDatabaseWrapper = connections["default"]
        self._timer = gevent.get_hub().loop.timer(0)

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()

    @contextlib.contextmanager
    def suspended(self) -> Iterator[None]:
        """Let what is done inside take its time. Afterwards the seconds begin anew."""
        self._stop()
        try:
            yield
        finally:
            self._start()

    def _start(self) -> None:
        self._timer = gevent.get_hub().loop.timer(self._seconds, AGAIN)
        self._timer.start(self._end)

    def _stop(self) -> None:
        self._timer.stop()
        self._timer.close()

    def _end(self) -> None:
        shut_down(self._database)
        self._greenlet.throw(RequestIsLate())


def end_late_requests(get_response: Handler) -> Handler:
    """Answer 503 where a request takes longer than ``settings.REQUEST_DEADLINE`` seconds.

    They count from when the request has arrived whole. What a streaming response takes comes
    after them. A process that gevent has not patched cannot end what blocks it, and does not try.
    """
    if not monkey.is_module_patched("socket"):
        return get_response

    def middleware(request: HttpRequest) -> HttpResponseBase:
        try:
            with Deadline(settings.REQUEST_DEADLINE) as request.deadline:  # type: ignore[attr-defined]
                return get_response(request)
        except RequestIsLate:
            match = request.resolver_match
            route = match.view_name if match else "none"
            logger.warning(
                "Ended after %s s: %s %s", settings.REQUEST_DEADLINE, request.method, route
            )
            return unavailable(request, "This took too long. Please try again.")

    return middleware


def time_to_arrive(request: HttpRequest) -> contextlib.AbstractContextManager[None]:
    """While it lasts, the request's deadline does not: it is still being received."""
    deadline = getattr(request, "deadline", None)
    return deadline.suspended() if deadline else contextlib.nullcontext()


def shut_down(database: BaseDatabaseWrapper) -> None:
    """Let each use of its connection fail from now on. Nobody waits, as in closing it."""
    if database.connection is None:
        return
    with (
        contextlib.suppress(OperationalError, OSError),  # it is closed already
        # A copy: psycopg still waits for the descriptor itself.
        socket.socket(fileno=os.dup(database.connection.fileno())) as copy,
    ):
        copy.shutdown(socket.SHUT_RDWR)
