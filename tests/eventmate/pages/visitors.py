"""Visitors of a live site with cookies of their own, and what its workers answer them."""

import gzip
import http.client
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

import brotli
from backports import zstd

from eventmate.pages.visitors import JUST_SENT
from loadtests.site import LiveSite
from tests.eventmate.one_worker import only

AT_ONCE = 1.0
"""Seconds, after which no visitor is answered with what was before."""

DECODE: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def html(self) -> str:
        """Decoded from whatever it came as."""
        return DECODE[self.headers.get("Content-Encoding", "identity")](self.body).decode()

    @property
    def is_from_memory(self) -> bool:
        return '"0 queries"' in self.headers["Server-Timing"]


class Visitor:
    """A browser: it keeps its cookies for as long as it is told to, and opens a connection for each
    request.
    """

    def __init__(self, site: LiveSite, **cookies: str) -> None:
        self.cookies = cookies
        self._ends: dict[str, float] = {}
        self._address = urlsplit(site.url).netloc

    def get(self, path: str, *, method: str = "GET", **headers: str) -> Reply:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._ask(method, path, None, names)

    def post(self, path: str, fields: Mapping[str, str]) -> Reply:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields), headers)

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Reply:
        sent = {**headers, **self._cookie_header()}
        connection = http.client.HTTPConnection(self._address, timeout=60)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            reply = Reply(response.status, response.headers, response.read())
        finally:
            connection.close()
        self._keep_cookies(reply)
        return reply

    def _cookie_header(self) -> dict[str, str]:
        for name, end in tuple(self._ends.items()):
            if end < time.monotonic():
                del self._ends[name], self.cookies[name]
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies} if cookies else {}

    def _keep_cookies(self, reply: Reply) -> None:
        for header in reply.headers.get_all("Set-Cookie", ()):
            for name, cookie in SimpleCookie(header).items():
                self.cookies.pop(name, None)
                self._ends.pop(name, None)
                if cookie["max-age"] != "0":
                    self.cookies[name] = cookie.value
                if seconds := int(cookie["max-age"] or 0):
                    self._ends[name] = time.monotonic() + seconds


def each_worker(site: LiveSite) -> Iterator[None]:
    """Steps in which one worker after the other is the only one that answers."""
    for worker in site.workers():
        with only(site, worker):
            yield


def warm(site: LiveSite, *paths: str) -> None:
    """Have each worker keep the pages, as they are now."""
    for _ in each_worker(site):
        for path in paths:
            Visitor(site, **{JUST_SENT: "1"}).get(path)
            Visitor(site).get(path)
            assert Visitor(site).get(path).is_from_memory, path
