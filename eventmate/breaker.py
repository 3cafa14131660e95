"""A circuit breaker: whoever asks a server that does not answer is told so at once."""

import contextvars
import enum
import logging
import threading
import time
from collections.abc import Callable

from redis import RedisError, ResponseError

from eventmate.metrics.instruments import BREAKERS_OPEN

logger = logging.getLogger(__name__)

# Seconds between two looks at a server that does not answer.
PAUSE = 2.0


class State(enum.Enum):
    CLOSED = "closed"
    OPEN = "open"
    # Writes pass, reads do not yet.
    CATCHING_UP = "catching up"


class Breaker:
    """Opens at a failure, and closes when the server answers again.

    A thread of the breaker's own looks after the server meanwhile: no request is the probe, so none
    waits for one. It calls ``probe``; once that raises nothing, it lets writes pass and calls
    ``catch_up``; once that raises nothing either, it closes. What they raise is a RedisError or an
    OSError. ``outages`` counts how often it has opened.
    """

    def __init__(
        self, name: str, *, probe: Callable[[], None], catch_up: Callable[[], None]
    ) -> None:
        self.state = State.CLOSED
        self.outages = 0
        self._name = name
        self._probe = probe
        self._catch_up = catch_up
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        return self.state is State.OPEN

    def open(self, reason: BaseException) -> None:
        """Trust the server no more, until it has answered and what it missed is made good."""
        with self._lock:
            before, self.state = self.state, State.OPEN
            if before is not State.CLOSED:
                return
            self.outages += 1
        why = str(reason) or type(reason).__name__
        logger.warning("Redis (%s) is given up for a moment: %s", self._name, why)
        BREAKERS_OPEN.labels(self._name).set(1)
        # In a context of its own: what is logged there is not of the request that failed.
        threading.Thread(
            target=contextvars.Context().run, args=(self._look_after,), daemon=True
        ).start()

    def _look_after(self) -> None:
        since = time.monotonic()
        while not self._answers():
            pass
        BREAKERS_OPEN.labels(self._name).set(0)
        seconds = time.monotonic() - since
        logger.warning("Redis (%s) is used again, after %.1f s.", self._name, seconds)

    def _answers(self) -> bool:
        """Wait, look, and close where all is well."""
        time.sleep(PAUSE)
        try:
            self._probe()
            self.state = State.CATCHING_UP
            self._catch_up()
        except ResponseError as error:
            logger.warning("Redis (%s) answers and refuses: %s", self._name, error)
            self.state = State.OPEN
        except (RedisError, OSError):
            self.state = State.OPEN
        with self._lock:
            caught_up = self.state is State.CATCHING_UP
            if caught_up:
                self.state = State.CLOSED
        return caught_up
