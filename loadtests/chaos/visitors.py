"""The process of the visitors. load.py starts it, patched by gevent, and tells it on standard input
what to do, until it closes that.
"""

import http.client
import itertools
import json
import random
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

import gevent
from gevent.fileobject import FileObject

# Of RFC 2544, for tests of networks.
ADDRESS = "198.18.{}.{}"
LONGEST_REST = 0.2
"""Seconds after which a visitor looks whether it is enough."""
LONGEST_KEPT = 3.0
"""Seconds that a connection may rest and be used again. The site closes it after five, which a
request that comes at that moment would find out by failing.
"""


class Enough:
    """What visitors look at between two requests. An event of gevent's would do, but for a busy
    machine, where one of many who wait for it with a timeout was now and then not woken.
    """

    is_set = False

    def wait(self, seconds: float) -> None:
        """Rest for so long, or less once it is enough."""
        end = time.monotonic() + seconds
        while not self.is_set and (left := end - time.monotonic()) > 0:
            gevent.sleep(min(left, LONGEST_REST))


class Visitor:
    """One connection, opened anew after it was lost, and a line in the file for each request."""

    def __init__(
        self, number: int, group: Mapping[str, Any], url: str, file: TextIO, enough: Enough
    ) -> None:
        self._number, self._group, self._file, self._enough = number, group, file, enough
        host = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            host.hostname or "", host.port, timeout=group["patience"]
        )
        self._answered_at = 0.0
        self._address = group["address"] or ADDRESS.format(number // 256, number % 256)

    def visit(self) -> None:
        pause = self._group["pause"]
        if not self._group["at_once"]:
            self._enough.wait(random.uniform(0, pause))
        for ask in self._each(self._group["asks"]):
            start = time.monotonic()
            self._ask(ask)
            spent = time.monotonic() - start if self._group["at_once"] else 0.0
            self._enough.wait(max(0.0, pause - spent))
        self._connection.close()

    def _each(self, asks: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        first = self._number % len(asks)
        for ask in itertools.cycle(asks[first:] + asks[:first]):
            if self._enough.is_set:
                return
            yield ask

    def _ask(self, ask: Mapping[str, Any]) -> None:
        headers = {"X-Forwarded-For": self._address}
        if ask["cookies"]:
            headers["Cookie"] = ask["cookies"]
        if not self._group["keep_connection"]:
            headers["Connection"] = "close"
        status, is_right, retry_after, error = 0, False, "", ""
        start = time.monotonic()
        if start - self._answered_at > LONGEST_KEPT:
            self._connection.close()
        try:
            self._connection.request("GET", ask["path"], headers=headers)
            response = self._connection.getresponse()
            page = response.read()
        except (OSError, http.client.HTTPException) as problem:
            error = repr(problem)
            self._connection.close()
        else:
            status = response.status
            is_right = status == ask["status"] and ask["shows"].encode() in page
            retry_after = response.headers.get("Retry-After", "")
        self._answered_at = time.monotonic()
        seconds = self._answered_at - start
        name = ask["name"] or ask["path"]
        row = (start, seconds, status, is_right, name, self._number, retry_after, error)
        self._file.write(json.dumps(row) + "\n")


def main() -> None:
    told = json.loads(sys.stdin.readline())
    enough = Enough()
    numbers = itertools.count()
    with Path(told["path"]).open("w", buffering=1) as file:
        visitors = [
            gevent.spawn(Visitor(next(numbers), group, told["url"], file, enough).visit)
            for group in told["visitors"]
            for _ in range(group["count"])
        ]
        FileObject(sys.stdin, "r").read()
        enough.is_set = True
        gevent.joinall(visitors, raise_error=True)
