import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import gevent
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError
from django.urls import Resolver404, resolve
from gevent import monkey

from eventmate.errors import error_page
from eventmate.middleware.deadline import time_to_arrive
from eventmate.uploads import largest_upload

# A connection that brings less than this much a second is not waited for.
SLOWEST = 20_000
# Bytes after which it is looked at whether that is so.
PIECE = 16_384

Handler = Callable[[HttpRequest], HttpResponseBase]


def read_body_first(get_response: Handler) -> Handler:
    """Have the whole body before anything is done with it, so that nobody who sends slowly holds a
    connection to the database meanwhile, and refuse what is too large or too slow.

    A body has ``settings.REQUEST_BODY_TIMEOUT`` seconds, and more the more of it has come. It has
    ``settings.DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes at most, but for views that take uploads.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = content_length(request)
        if not length:
            return get_response(request)
        if length > largest_for(request):
            return error_page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This is too large.")
        try:
            request._stream = ArrivingBody(request._stream, length)  # type: ignore[assignment]
            with time_to_arrive(request):
                read(request)
        except gevent.Timeout:
            return error_page(request, HTTPStatus.REQUEST_TIMEOUT, "This took too long to arrive.")
        return get_response(request)

    return middleware


class ArrivingBody(io.IOBase):
    """Raises gevent.Timeout where it stalls, however long it says it is: who only says so would
    have all that time for nothing.
    """

    def __init__(self, stream: Any, length: int) -> None:
        self._stream = stream
        self._length = length
        self._arrived = 0
        self._began = time.monotonic()

    def read(self, size: int | None = -1) -> bytes:
        left = self._length - self._arrived
        wanted = left if size is None or size < 0 else min(size, left)
        pieces = []
        while wanted > 0:
            with at_most(self._patience()):
                piece = self._stream.read(min(wanted, PIECE))
            if not piece:
                break
            pieces.append(piece)
            self._arrived += len(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def readline(self, size: int | None = -1) -> bytes:
        """Some of it: all that Django reads by the line is what it does not look at."""
        return self.read(PIECE if size is None or size < 0 else size)

    def _patience(self) -> float:
        allowed = settings.REQUEST_BODY_TIMEOUT + self._arrived / SLOWEST
        return max(0.0, allowed - (time.monotonic() - self._began))


def content_length(request: HttpRequest) -> int:
    """Of what Django reads; a body without a length it takes for empty."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def largest_for(request: HttpRequest) -> int:
    """Bytes that the page takes. Of files, only from visitors who may have logged in."""
    of_any = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if (
        content_length(request) <= of_any
        or request.content_type != "multipart/form-data"
        or settings.SESSION_COOKIE_NAME not in request.COOKIES
    ):
        return of_any
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return of_any
    return max(of_any, largest_upload(view))


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise gevent.Timeout after that time, in a process that gevent has patched."""
    if not monkey.is_module_patched("socket"):
        yield
        return
    with gevent.Timeout(seconds):
        yield


def read(request: HttpRequest) -> None:
    """As far as it costs little: the text of a form is looked at once its sender may send it."""
    try:
        if request.content_type == "multipart/form-data":
            len(request.FILES)
        else:
            bool(request.body)
    except UnreadablePostError as error:
        raise BadRequest("The connection broke before the form was read.") from error
