"""Clients that ask a running site, many at once."""

import http.client
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from loadtests.site import LiveSite

AT_ONCE = 40
# A page that there is not: nothing is done for it but to count.
NO_PAGE = "/nothing-is-here/"
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Headers
    text: str


@dataclass(frozen=True)
class Form:
    path: str
    fields: dict[str, str] = field(default_factory=dict)


def ask(
    site: LiveSite, path: str = NO_PAGE, *, form: Form | None = None, headers: Headers | None = None
) -> Reply:
    """On a connection of its own, so that any worker may take it."""
    sent = {"Connection": "close", **(headers or {})}
    body = None
    if form:
        token = "t" * 32
        sent |= {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={token}",
        }
        body = urlencode({**form.fields, "csrfmiddlewaretoken": token})
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=30)
    try:
        connection.request("POST" if form else "GET", form.path if form else path, body, sent)
        response = connection.getresponse()
        return Reply(response.status, response.headers, response.read().decode())
    finally:
        connection.close()


def statuses(
    request: Callable[[int], Reply], *, times: int, at_once: int = AT_ONCE
) -> Counter[int]:
    """What so many requests are answered, some of them at once. Each is given its number."""
    with ThreadPoolExecutor(at_once) as pool:
        return Counter(reply.status for reply in pool.map(request, range(times)))


def passed(answered: Counter[int]) -> int:
    assert not [status for status in answered if status >= 500], answered
    return answered.total() - answered[429]
