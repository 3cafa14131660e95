"""What cookies say of a visitor before Django is asked."""

from typing import Any

import pytest

from eventmate.pages.visitors import NOBODY, Cookies, caching, cookies_of

SECRET = "s" * 32


@pytest.mark.parametrize(
    ("header", "cookies"),
    [
        ("", NOBODY),
        ("theme=dark; consent=1", NOBODY),
        ("sessionid=abc", Cookies("abc", "", has_others=False)),
        (f"csrftoken={SECRET}; sessionid=abc", Cookies("abc", SECRET, has_others=False)),
        ("csrftoken=short", NOBODY),
        (f"csrftoken={'é' * 32}", NOBODY),
        (f"csrftoken={'<' * 32}", NOBODY),
        ("just_sent=1", Cookies("", "", has_others=True)),
        ("sessionid=abc; messages=x", Cookies("abc", "", has_others=True)),
        (";;=;sessionid", NOBODY),
    ],
)
def test_cookies_are_read_as_django_reads_them(header: str, cookies: Cookies) -> None:
    assert cookies_of({"HTTP_COOKIE": header}) == cookies
    assert cookies_of({}) == NOBODY


def test_page_of_a_visitor_with_a_session_is_theirs_alone(settings: Any) -> None:
    settings.PAGE_SHARED_MAX_AGE = 1
    assert caching(is_private=True) == "private, no-cache"
    assert caching(is_private=False) == "public, max-age=0, s-maxage=1"
    settings.PAGE_SHARED_MAX_AGE = 0
    assert caching(is_private=False) == "public, no-cache"
