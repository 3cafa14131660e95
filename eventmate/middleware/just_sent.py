from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

from eventmate.pages.visitors import JUST_SENT

# Seconds, in which all web workers hear of what a form has changed. What a cache in front has of
# before that, it gives for as long as it may.
MOMENT = 2

Handler = Callable[[HttpRequest], HttpResponseBase]


def mark_senders(get_response: Handler) -> Handler:
    """Have whoever sends a form see what came of it on the very next page, whichever worker answers
    that: for a moment, their pages are made of what the database has (eventmate/pages/shared.py).
    """
    if not settings.PAGE_CACHE_MEMORY:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method == "POST":
            response.set_cookie(
                JUST_SENT,
                "1",
                max_age=MOMENT + settings.PAGE_SHARED_MAX_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return middleware
