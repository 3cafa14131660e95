"""What a process knows of a database that does not answer, and how it learns that it does again."""

import contextvars
import logging
import math
import threading
import time
from contextlib import nullcontext

from django.conf import settings
from django.db import Error, connections
from gevent import monkey

from eventmate.middleware.connections import release
from eventmate.middleware.deadline import Deadline, RequestIsLate

# Seconds between two looks at a database that does not answer, and two visitors who try it.
PAUSE = 1.0

logger = logging.getLogger(__name__)


class Outage:
    """Whether the database did not answer when it was last asked, as far as this process knows.

    A thread of its own looks for a connection meanwhile: where few visitors come, each of them
    would be the one who waits for it. Once there is one, visitors take turns to try, as what they
    ask for may fail all the same: where the pool is full in a rush, or a table is locked.
    """

    def __init__(self) -> None:
        self.is_on = False
        self._next_try = 0.0
        self._answered_at = -math.inf

    def begin(self, came_at: float, turn: float = 0.0) -> None:
        """Take note of the failure of a request that came then, of time.monotonic(). After the
        latest turn's, nobody tries until the next look.

        Where others were answered since it came, it is none of the database's: there was too much
        to do for this one to find a connection in time.
        """
        if came_at < self._answered_at:
            return
        if not self.is_on:
            logger.warning("The database does not answer: pages are shown as they were.")
        is_news = not self.is_on or turn == self._next_try
        self.is_on = True
        if is_news:
            self._next_try = math.inf
            # In a context of its own: what is logged there is not of the request that failed.
            look = threading.Timer(PAUSE, contextvars.Context().run, args=(self._look,))
            look.daemon = True
            look.start()

    def end(self) -> None:
        """Take note of an answer."""
        self._answered_at = time.monotonic()
        if self.is_on:
            logger.warning("The database answers again.")
        self.is_on = False

    def take_turn(self) -> float:
        """A turn for the caller to find out if it is over, or 0 if it is not the time.

        Not one at a time but one in each PAUSE: one may wait for as long as a request may.
        """
        now = time.monotonic()
        if now < self._next_try:
            return 0.0
        self._next_try = now + PAUSE
        return self._next_try

    def _look(self) -> None:
        """Let visitors try again as soon as they need not wait for a connection."""
        try:
            while self.is_on:
                started = time.monotonic()
                if gives_connection():
                    break
                time.sleep(max(0.0, started + PAUSE - time.monotonic()))
        finally:
            self._next_try = 0.0


def gives_connection() -> bool:
    """Whether the pool has a connection for a request. Without a pool, who asks is told at once,
    and may as well be a visitor.
    """
    if "pool" not in settings.DATABASES["default"]["OPTIONS"]:
        return True
    is_patched = monkey.is_module_patched("socket")
    try:
        with Deadline(settings.REQUEST_DEADLINE) if is_patched else nullcontext():
            connections["default"].ensure_connection()
    except (Error, RequestIsLate):
        return False
    finally:
        release()
    return True
