"""Whoever sends a form waits less than those who look around."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from eventmate.promptness import hurry

Handler = Callable[[HttpRequest], HttpResponseBase]


def hurry_with_forms(get_response: Handler) -> Handler:
    """They are few, and ask the database many times: who gives way to all the others each time is
    not answered in time where a site has much to do.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST":
            return get_response(request)
        with hurry():
            return get_response(request)

    return middleware
