"""Visitors in a process of their own, and what became of each of their requests."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http import HTTPStatus
from itertools import accumulate
from pathlib import Path

from eventmate.embedded.paths import REPOSITORY

STOP_PATIENCE = 60.0
PATIENCE = 60.0
LEAST = 20
"""Requests that something can be said of, however slow the machine is."""
PROGRAM = """
from gevent import monkey

monkey.patch_all()
from loadtests.chaos.visitors import main

main()
"""


@dataclass(frozen=True, slots=True)
class Ask:
    """A page to ask for. An answer is right that has the status and shows the text."""

    path: str
    shows: str = ""
    status: int = HTTPStatus.OK
    name: str = ""
    """What its records are called; else its path."""
    cookies: str = ""
    """The Cookie header: of a person who is logged in."""


@dataclass(frozen=True, slots=True)
class Visitors:
    """So many at once, each on a kept connection, each asking one page after the other and resting
    for ``pause`` seconds between two. Each starts at another page.
    """

    asks: Sequence[Ask]
    count: int = 20
    pause: float = 0.2
    patience: float = 30.0
    """Seconds after which one gives up on an answer."""
    at_once: bool = False
    """Whether all ask at the same moment, every ``pause`` seconds."""
    address: str = ""
    """Where all of them come from; else each comes from an address of its own."""
    keep_connection: bool = True
    """Else each request comes on a new one."""


@dataclass(frozen=True, slots=True)
class Record:
    """One request. Its status is 0 where no answer came, and then ``error`` says why."""

    start: float
    seconds: float
    status: int
    is_right: bool
    name: str
    visitor: int
    retry_after: str
    error: str

    @property
    def end(self) -> float:
        return self.start + self.seconds

    def __str__(self) -> str:
        what = self.error or f"{self.status}{'' if self.is_right else ', not what it should show'}"
        return f"{self.name}: {what} after {self.seconds:.2f} s"


class Records(list[Record]):
    """Requests, in the order of their ends."""

    def where(self, wanted: Callable[[Record], object]) -> "Records":
        return Records(record for record in self if wanted(record))

    def named(self, name: str) -> "Records":
        return self.where(lambda record: record.name == name)

    @property
    def failed(self) -> "Records":
        """Without an answer, or with one that blames the server."""
        return self.where(lambda record: not 0 < record.status < HTTPStatus.INTERNAL_SERVER_ERROR)

    @property
    def wrong(self) -> "Records":
        """Those that failed, and those whose answer is not what it should be."""
        return self.where(lambda record: not record.is_right)

    @property
    def right(self) -> "Records":
        return self.where(lambda record: record.is_right)

    @property
    def slowest(self) -> float:
        return max((record.seconds for record in self), default=0.0)

    def well_again_after(self, moment: float) -> float:
        """How many seconds after the moment the last request began whose answer was not right."""
        assert self.where(lambda record: record.start >= moment), "nobody asked any more"
        return max((record.start - moment for record in self.wrong), default=0.0)

    @property
    def most_at_once(self) -> int:
        """How many were under way at the busiest moment."""
        steps = [(record.start, 1) for record in self] + [(record.end, -1) for record in self]
        return max(accumulate(step for _, step in sorted(steps)), default=0)

    @property
    def most_of_one_visitor(self) -> int:
        return max(Counter(record.visitor for record in self).values(), default=0)

    def percent(self, percent: int) -> float:
        """The seconds that so many percent were answered within; 0 of nothing."""
        times = sorted(record.seconds for record in self)
        return times[min(len(times) - 1, len(times) * percent // 100)] if times else 0.0


class Load:
    """Visitors that are under way."""

    def __init__(self, process: subprocess.Popen[str], path: Path) -> None:
        self._process = process
        self._path = path

    def watch(self, seconds: float, *, since: float | None = None, least: int = LEAST) -> "Records":
        """Wait for so long, and until so many requests have ended that began meanwhile (or since
        the given moment), and return them.
        """
        start = time.monotonic() if since is None else since
        time.sleep(max(0.0, start + seconds - time.monotonic()))
        while len(found := self.between(start)) < least:
            assert time.monotonic() - start < seconds + PATIENCE, "hardly anyone is answered"
            time.sleep(0.1)
        return found

    def between(self, start: float, end: float = float("inf")) -> Records:
        """The requests that began in this time and have ended by now."""
        return self.records().where(lambda record: start <= record.start < end)

    def records(self) -> Records:
        """All that have ended by now."""
        assert self._process.poll() in {None, 0}, "the visitors came to an end of their own"
        whole, _, _ = self._path.read_text().rpartition("\n")
        return Records(Record(*json.loads(line)) for line in whole.split("\n") if line)

    def stop(self) -> None:
        """Let each visitor end the request it is at, and wait for that."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        assert self._process.wait(STOP_PATIENCE) == 0, "the visitors failed"


@contextmanager
def visiting(url: str, visitors: Sequence[Visitors], path: Path) -> Iterator[Load]:
    """Let the visitors come until the end of the block. What they record goes to the file."""
    path.touch()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=REPOSITORY,
        # Addresses need no look-up, for which gevent would start threads.
        env=os.environ | {"GEVENT_RESOLVER": "block"},
        stdin=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdin
        told = {"url": url, "path": str(path), "visitors": [asdict(group) for group in visitors]}
        process.stdin.write(json.dumps(told) + "\n")
        process.stdin.flush()
        load = Load(process, path)
        yield load
        load.stop()
    finally:
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()
