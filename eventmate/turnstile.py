"""A few at a time through one point of a process, in the order in which they came."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from eventmate.middleware.connections import release


class WaitedTooLongError(Exception):
    """Whoever was not let through in time."""


class Turnstile:
    """A semaphore whose waiters come through in their order. With a plain one, those who have just
    been served and come again overtake them, for as long as a rush lasts. They wait without a
    database connection.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._line: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def passing(self, deadline: float) -> Iterator[None]:
        """Raises WaitedTooLongError at the deadline, a moment of time.monotonic()."""
        if turn := self._take_or_queue():
            self._wait_for(turn, deadline)
        try:
            yield
        finally:
            self._pass_on()

    def _wait_for(self, turn: threading.Event, deadline: float) -> None:
        try:
            release()
            turn.wait(max(0.0, deadline - time.monotonic()))
        except BaseException:  # such as gevent's, that end a greenlet where it waits
            if not self._has_left_line(turn):
                self._pass_on()
            raise
        if self._has_left_line(turn):
            raise WaitedTooLongError

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
