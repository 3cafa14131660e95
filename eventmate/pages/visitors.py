"""What is read of a request before Django is asked, in the same way as Django reads it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http.cookie import parse_cookie

# Set for a moment where a form was sent: what it has changed is not known to all workers yet.
JUST_SENT = "just_sent"
SECRET_LENGTH = 32

Environ = Mapping[str, Any]


class Cookies(NamedTuple):
    session_key: str
    secret: str
    # Of those that only Django knows what to do with.
    has_others: bool


NOBODY = Cookies("", "", has_others=False)


def cookies_of(environ: Environ) -> Cookies:
    header = environ.get("HTTP_COOKIE")
    if not header:
        return NOBODY
    cookies = parse_cookie(header)
    secret = cookies.get(settings.CSRF_COOKIE_NAME, "")
    is_secret = len(secret) == SECRET_LENGTH and secret.isalnum() and secret.isascii()
    return Cookies(
        cookies.get(settings.SESSION_COOKIE_NAME, ""),
        secret if is_secret else "",
        has_others=JUST_SENT in cookies or CookieStorage.cookie_name in cookies,
    )


def caching(*, is_private: bool) -> str:
    """Of the Cache-Control header. A browser asks each time, a cache that many share after the
    seconds that are set.
    """
    if is_private:
        return "private, no-cache"
    if settings.PAGE_SHARED_MAX_AGE:
        return f"public, max-age=0, s-maxage={settings.PAGE_SHARED_MAX_AGE}"
    return "public, no-cache"
