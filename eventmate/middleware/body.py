from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

import gevent
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError
from django.urls import Resolver404, resolve
from gevent import monkey

from eventmate.errors import error_page
from eventmate.middleware.deadline import time_to_arrive
from eventmate.middleware.malformed import check_text
from eventmate.uploads import largest_upload

# A connection that brings less than this much a second is not waited for.
SLOWEST = 20_000

Handler = Callable[[HttpRequest], HttpResponseBase]


def read_body_first(get_response: Handler) -> Handler:
    """Have the whole body before anything is done with it, so that nobody who sends slowly holds a
    connection to the database meanwhile, and refuse what is too large, too slow or no text.

    A body has ``settings.REQUEST_BODY_TIMEOUT`` seconds, and more the longer it says it is. It has
    ``settings.DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes at most, but for views that take uploads.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        length = content_length(request)
        if not length:
            return get_response(request)
        if length > largest_for(request):
            return error_page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "This is too large.")
        try:
            patience = settings.REQUEST_BODY_TIMEOUT + length / SLOWEST
            with time_to_arrive(request), at_most(patience):
                text = read(request)
        except gevent.Timeout:
            return error_page(request, HTTPStatus.REQUEST_TIMEOUT, "This took too long to arrive.")
        check_text("form", text)
        return get_response(request)

    return middleware


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


def read(request: HttpRequest) -> bytes:
    """Read the body, and return the text of a form's fields without its files."""
    try:
        if request.content_type == "multipart/form-data":
            fields = request.POST.lists()
            return "".join(name + "".join(values) for name, values in fields).encode()
        body = request.body
    except UnreadablePostError as error:
        raise BadRequest("The connection broke before the form was read.") from error
    if request.content_type == "application/x-www-form-urlencoded":
        return unquote_to_bytes(body)
    return b""
