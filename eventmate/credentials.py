"""What a request brings that tells who asks, and so what may be on the page that answers it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


def is_anonymous(request: HttpRequest) -> bool:
    """Whether it says nothing of who asks. The CSRF cookie does not: everyone may have one."""
    return request.COOKIES.keys() <= {settings.CSRF_COOKIE_NAME} and (
        "Authorization" not in request.headers
    )


def is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the response may hold what is for this visitor only."""
    return not is_anonymous(request) or not response.cookies.keys() <= {settings.CSRF_COOKIE_NAME}
