from collections.abc import Callable

from django.db import connections
from django.http import HttpRequest, HttpResponseBase

Handler = Callable[[HttpRequest], HttpResponseBase]


def release_connections(get_response: Handler) -> Handler:
    """Give database connections back to the pool as soon as the response is there.

    Django does so when it has been sent: a few visitors who read slowly would hold all of them. A
    streaming response may still need its connection, and keeps it that long.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        streaming = False
        try:
            response = get_response(request)
            streaming = response.streaming
            return response
        finally:
            if not streaming:
                release()

    return middleware


def release() -> None:
    """All but that of a transaction round the whole request, such as a test's."""
    for database in connections.all(initialized_only=True):
        if not database.in_atomic_block:
            database.close()
