from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase

from eventmate.pages.visitors import caching

Handler = Callable[[HttpRequest], HttpResponseBase]


def say_who_may_keep(get_response: Handler) -> Handler:
    """Leave what says nothing of it to the visitor's browser, which asks each time.

    Caches in front may keep an answer without Cache-Control for as long as they see fit, such as a
    404 for an event that is published a minute later. And a 304 that gives a length, as Django's
    do, would have to give that of the page (RFC 9110, 8.6).
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == HTTPStatus.NOT_MODIFIED:
            response.headers.pop("Content-Length", None)
        response.headers.setdefault("Cache-Control", caching(is_private=True))
        return response

    return middleware
