import time
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RegexPattern, URLResolver

from eventmate.logs.privacy import PRIVATE_PREFIXES, scrub, scrub_text

# Parts of addresses that everybody may see.
PUBLIC_PARTS = {"slug", "category_slug", "ticket_type_id", "path", "section", "number"}


def patterns(resolver: URLResolver, base: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every route of the site, and the names of what it takes."""
    for one in resolver.url_patterns:
        route = base + str(one.pattern)
        if isinstance(one, URLPattern):
            named = isinstance(one.pattern, RegexPattern) and one.pattern.regex.groupindex
            yield route, set(named or one.pattern.converters)
        else:
            yield from patterns(one, route)


def test_every_address_that_takes_a_secret_begins_with_a_private_prefix() -> None:
    taking = {route for route, names in patterns(get_resolver()) if names - PUBLIC_PARTS}
    private = tuple(f"{prefix}/" for prefix in PRIVATE_PREFIXES)

    assert len(taking) > 10
    assert [route for route in taking if not route.startswith(private)] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("refused: ada.l+x@mail.example.org, bye", "refused: [e-mail], bye"),
        ("{'ada@example.com': (550, b'no')}", "{'[e-mail]': (550, b'no')}"),
        ("?next=ada%40example.com", "?next=[e-mail]"),
        ('To: "Ada Lovelace" <ada@example.com>', "To: [e-mail]"),
        ("GET /tickets/0123456789ABCDEF/name/", "GET /tickets/…"),
        ("/accounts/password/reset/key/7-c0ffee/", "/accounts/…"),
        ("https://a.example/bookings/AB12CD34/?access=x", "https://a.example/bookings/…?…"),
        ("/TICKETS/abc", "/TICKETS/…"),
        ("/events/?q=herpes+group&page=2 failed", "/events/?… failed"),
        ("postgresql://events:s3cret@localhost/events", "postgresql://…@localhost/events"),
        ("token=abc; next", "token=…; next"),
        ("session 4k3jh5k2j3h4k5j2h3k4j5h2k3j4h5kj is gone", "session … is gone"),
        ("ticket 0123456789ABCDEF", "ticket …"),
        ("DETAIL: Key (email)=(x) exists.\nCONTEXT: y", "DETAIL: …\nCONTEXT: y"),
        ("DETAIL: Failing row contains (1, Ada\n\nLovelace)", "DETAIL: …"),
        (
            "Invalid request from ip=192.0.2.1: Invalid HTTP Header: 'Cookie sessionid secret'",
            "Invalid request",
        ),
        ("LINE 1: SELECT 'Ada Lovelace'\n               ^", "LINE …"),
    ],
)
def test_what_is_personal_is_left_out(text: str, shown: str) -> None:
    assert scrub_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        'File "/srv/eventmate/bookings/services/expiry.py", line 40, in release_overdue_holds',
        'File "/srv/accounts/tickets.py", line 1',
        "Not Found: /favicon.ico",
        "3 of 4 workers answered in 0.5 s (why?)",
        "offered places to 3 in waiting lists",
        "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379",
        "INTERNATIONALISATION of 12 events at 16:00",
    ],
)
def test_what_is_not_stays(text: str) -> None:
    assert scrub_text(text) == text


def test_what_is_in_other_values_is_found() -> None:
    error = ValueError("no such person: ada@example.com")

    assert scrub({"a": [("ada@example.com", 1)], "ada@example.com": error, "b": None}) == {
        "a": [["[e-mail]", 1]],
        "[e-mail]": "no such person: [e-mail]",
        "b": None,
    }


@pytest.mark.parametrize(
    "part",
    ["a", "a ", "a.", "a@", "<a", '"', "/tickets/", "://", "DETAIL:", "?a=", "a?", "1a-", "LINE 1"],
)
def test_long_text_takes_no_long_time(part: str) -> None:
    text = part * (100_000 // len(part)) + "@<?=:///%40 LINE DETAIL:"
    started = time.process_time()

    scrub_text(text)

    assert time.process_time() - started < 2
