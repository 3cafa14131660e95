"""A process of visitors who ask for pages, one after the other, on connections that are kept.

It has to cost much less than the pages: sockets without a library, requests that are bytes before
they are sent, and replies of which only status and length are read while the clock runs. The first
and the last reply of each address are looked at as a whole afterwards.
"""

import itertools
import selectors
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus

from loadtests.bench.child import Order, Report, obey
from loadtests.bench.replies import Reply, reply_in

# Of one visit. Then somebody else comes, from another address: nobody meets a rate limit.
REQUESTS = 20
PATIENCE = 60.0
MOST_AT_ONCE = 2**18
# Of what went wrong, how much is told.
TOLD = 5
# As a browser asks for the address that somebody has typed.
HEAD = (
    "GET {path} HTTP/1.1\r\n"
    "Host: {host}:{port}\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip, br\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-Site: none\r\n"
    "Connection: keep-alive\r\n"
)

_visitors = itertools.count()


class Line:
    """One connection, and who is at it: a visitor for so many requests, and then the next."""

    __slots__ = ("_crowd", "_left", "_received", "_tail", "asked", "sent_at", "shows", "socket")

    def __init__(self, crowd: "Crowd", number: int) -> None:
        self._crowd = crowd
        # Not all are at the beginning of their visit at once.
        self._left = 1 + number % REQUESTS
        self._tail, self.shows = crowd.next_visitor()
        self.asked = number  # the place of the address among all; each begins at another
        self.connect()

    def connect(self) -> None:
        order = self._crowd.order
        self.socket = socket.create_connection((order["host"], order["port"]))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)

    def ask(self) -> None:
        if not self._left:
            self._left = REQUESTS
            self._tail, self.shows = self._crowd.next_visitor()
        self._left -= 1
        self.asked = (self.asked + 1) % len(self._crowd.heads)
        self._received = b""
        self.sent_at = time.perf_counter()
        self.socket.send(self._crowd.heads[self.asked] + self._tail)

    @property
    def is_lost(self) -> bool:
        """Whether the server has hung up while nothing was asked."""
        try:
            return not self.socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def hear(self) -> Reply | None:
        """What has come by now, where that is all; raises OSError where no more will come."""
        received = self.socket.recv(MOST_AT_ONCE)
        if not received:
            raise ConnectionResetError("hung up")
        self._received = self._received + received if self._received else received
        return reply_in(self._received)


@dataclass
class Crowd:
    """Visitors who all ask at once, each for another page as soon as one has come.

    ``order``: where (``host``, ``port``); the ``paths``, and what each of their pages ``shows``;
    ``visitors``, as a Cookie header and what a page shows to its owner; and which statuses ``may``
    be told in place of 200.
    """

    order: Order
    lines: list[Line] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    size: int = 0
    _seen: dict[tuple[int, bool], tuple[str, Reply]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        where = {"host": self.order["host"], "port": self.order["port"]}
        self.heads = [HEAD.format(path=path, **where).encode() for path in self.order["paths"]]
        self._may = frozenset(self.order["may"])
        self._selector = selectors.DefaultSelector()

    def next_visitor(self) -> tuple[bytes, str]:
        """The end of their requests, and what their pages show."""
        number = next(_visitors)
        visitors = self.order["visitors"]
        cookie, shows = visitors[number % len(visitors)]
        tail = f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}\r\n"
        if cookie:
            tail += f"Cookie: {cookie}\r\n"
        return f"{tail}\r\n".encode(), shows

    def go_on(self, users: int, seconds: float) -> float:
        """With those who are there, and as many more as are missing. Returns the seconds until the
        last of them was answered.
        """
        self.lines += [Line(self, number) for number in range(len(self.lines), users)]
        for line in self.lines:
            if line.is_lost:
                line.socket.close()
                line.connect()
        started = time.perf_counter()
        deadline = started + seconds
        for line in self.lines:
            self._selector.register(line.socket, selectors.EVENT_READ, line)
            line.ask()
        there = len(self.lines)
        while there:
            ready = self._selector.select(PATIENCE)
            assert ready, f"no reply within {PATIENCE:.0f} s"
            for key, _ in ready:
                there -= self._hear(key.data, deadline)
        return time.perf_counter() - started

    def _hear(self, line: Line, deadline: float) -> bool:
        """Whether the visitor asks no more."""
        try:
            reply = line.hear()
        except OSError as error:
            self._note_wrong(line, str(error))
            self._selector.unregister(line.socket)
            return True
        if reply is None:
            return False
        now = time.perf_counter()
        self._note(line, reply, now)
        if reply.closes:
            self._selector.unregister(line.socket)
            line.socket.close()
            line.connect()
            self._selector.register(line.socket, selectors.EVENT_READ, line)
        if now >= deadline:
            self._selector.unregister(line.socket)
            return True
        line.ask()
        return False

    def leave(self) -> None:
        for line in self.lines:
            line.socket.close()
        self._selector.close()

    def forget(self) -> None:
        """What was found until now, as of a warm-up."""
        self.times, self.statuses, self.size = [], Counter(), 0

    def _note(self, line: Line, reply: Reply, now: float) -> None:
        self.statuses[reply.status] += 1
        if reply.status != HTTPStatus.OK:
            if reply.status not in self._may:
                self._note_wrong(line, f"{reply.status} in place of 200")
            return
        self.times.append(round(1000 * (now - line.sent_at), 3))
        self.size += len(reply.body)
        seen = line.shows, reply
        self._seen.setdefault((line.asked, True), seen)
        self._seen[line.asked, False] = seen

    def _note_wrong(self, line: Line, what: str) -> None:
        self.wrong.append(f"{self.order['paths'][line.asked]}: {what}")

    def look(self) -> None:
        """At the first and the last page of each address."""
        for (asked, _), (shows_visitor, reply) in self._seen.items():
            path, text = self.order["paths"][asked], reply.text
            for shows in (self.order["shows"][asked], shows_visitor):
                if shows not in text:
                    self.wrong.append(f"{path}: {shows!r} is not on the page")


class Askers:
    """Whoever is there: a crowd, until there is an order that has another one come."""

    def __init__(self) -> None:
        self._crowd: Crowd | None = None

    def close(self) -> None:
        if self._crowd:
            self._crowd.leave()
            self._crowd = None

    def visit(self, order: Order) -> Report:
        """Ask for ``seconds``, ``users`` at once; an order without ``paths`` is for those of the
        one before, who go on with their visits.

        Tells milliseconds that each page took, bytes of a page, how many replies by status, what
        was wrong with some, and the seconds and this process's CPU seconds that it all took.
        """
        if "paths" in order:
            self.close()
            self._crowd = Crowd(order)
        crowd = self._crowd
        assert crowd, "nobody is there"
        crowd.forget()
        cpu = time.process_time()
        seconds = crowd.go_on(order["users"], order["seconds"])
        cpu = time.process_time() - cpu
        crowd.look()
        return {
            "times": crowd.times,
            "bytes": crowd.size / max(1, len(crowd.times)),
            "statuses": crowd.statuses,
            "wrong": crowd.wrong[:TOLD],
            "seconds": seconds,
            "cpu": cpu,
        }


if __name__ == "__main__":
    obey(Askers().visit)
