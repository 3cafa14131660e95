"""A few at a time who book one event, and a few more for all events of a worker process.

Many connections that wait for one row make it slower for all of them, and leave none for visitors
who only look (docs/adr/0012-booking-under-a-rush.md has the figures). So people wait here, holding
no connection.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from bookings.exceptions import Refusal, refusal

# The rest of a request's time is for the booking itself.
PATIENCE = settings.REQUEST_DEADLINE * 0.7


class _Places:
    """A semaphore whose waiters come through in the order in which they came. With a plain one,
    those who have just been served and come again overtake them, for as long as a rush lasts.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._line: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def held(self, deadline: float) -> Iterator[None]:
        if turn := self._take_or_queue():
            self._wait_for(turn, deadline)
        try:
            yield
        finally:
            self._pass_on()

    def _wait_for(self, turn: threading.Event, deadline: float) -> None:
        try:
            _let_connection_go()
            turn.wait(max(0.0, deadline - time.monotonic()))
        except BaseException:  # such as gevent's, that end a greenlet where it waits
            if not self._has_left_line(turn):
                self._pass_on()
            raise
        if self._has_left_line(turn):
            raise refusal(Refusal.BUSY, "Many people are booking at this moment. Please try again.")

    def _take_or_queue(self) -> threading.Event | None:
        """What to wait for, or None with a place taken."""
        with self._lock:
            if self._free:
                self._free -= 1
                return None
            self._line.append(turn := threading.Event())
            return turn

    def _has_left_line(self, turn: threading.Event) -> bool:
        """False for a turn that has come, be it at the last moment."""
        with self._lock:
            if turn.is_set():
                return False
            self._line.remove(turn)
            return True

    def _pass_on(self) -> None:
        with self._lock:
            if self._line:
                self._line.popleft().set()
            else:
                self._free += 1


@dataclass
class _Lane:
    """The places in the gate for one event, and how many have to do with it."""

    places: _Places
    users: int = field(default=0)


class Gate:
    """Lets ``overall`` through at once, and ``per_event`` of them for any one event. The others
    wait, for ``patience`` seconds at most.
    """

    def __init__(self, *, overall: int, per_event: int, patience: float = PATIENCE) -> None:
        self._overall = _Places(overall)
        self._per_event = per_event
        self._patience = patience
        self._lanes: dict[str, _Lane] = {}
        self._lock = threading.Lock()

    @contextmanager
    def passing(self, event: str) -> Iterator[None]:
        """Wait for a place; ``event`` is any name for it. Raises BookingError: BUSY."""
        deadline = time.monotonic() + self._patience
        with (
            self._lane(event) as lane,
            lane.places.held(deadline),
            self._overall.held(deadline),
        ):
            yield

    @contextmanager
    def _lane(self, event: str) -> Iterator[_Lane]:
        with self._lock:
            lane = self._lanes.setdefault(event, _Lane(_Places(self._per_event)))
            lane.users += 1
        try:
            yield lane
        finally:
            with self._lock:
                lane.users -= 1
                if not lane.users:
                    del self._lanes[event]


def _let_connection_go() -> None:
    """Back to the pool while this waits; the next query takes one again."""
    if not connection.in_atomic_block:
        connection.close()


gate = Gate(
    overall=settings.BOOKING_WRITES_AT_ONCE, per_event=settings.BOOKING_WRITES_AT_ONCE_PER_EVENT
)
