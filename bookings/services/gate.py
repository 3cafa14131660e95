"""A few at a time who book one event, and a few more for all events of a worker process.

Many connections that wait for one row make it slower for all of them, and leave none for visitors
who only look (docs/adr/0012-booking-under-a-rush.md has the figures). So people wait here, holding
no connection.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from django.conf import settings

from bookings.exceptions import Refusal, refusal
from eventmate.turnstile import Turnstile, WaitedTooLongError

# The rest of a request's time is for the booking itself.
PATIENCE = settings.REQUEST_DEADLINE * 0.7


@dataclass
class _Lane:
    """The places in the gate for one event, and how many have to do with it."""

    places: Turnstile
    users: int = field(default=0)


class Gate:
    """Lets ``overall`` through at once, and ``per_event`` of them for any one event. The others
    wait, for ``patience`` seconds at most.
    """

    def __init__(self, *, overall: int, per_event: int, patience: float = PATIENCE) -> None:
        self._overall = Turnstile(overall)
        self._per_event = per_event
        self._patience = patience
        self._lanes: dict[str, _Lane] = {}
        self._lock = threading.Lock()

    @contextmanager
    def passing(self, event: str) -> Iterator[None]:
        """Wait for a place; ``event`` is any name for it. Raises BookingError: BUSY."""
        deadline = time.monotonic() + self._patience
        with ExitStack() as entered:
            lane = entered.enter_context(self._lane(event))
            try:
                entered.enter_context(lane.places.passing(deadline))
                entered.enter_context(self._overall.passing(deadline))
            except WaitedTooLongError as error:
                raise refusal(
                    Refusal.BUSY, "Many people are booking at this moment. Please try again."
                ) from error
            yield

    @contextmanager
    def _lane(self, event: str) -> Iterator[_Lane]:
        with self._lock:
            lane = self._lanes.setdefault(event, _Lane(Turnstile(self._per_event)))
            lane.users += 1
        try:
            yield lane
        finally:
            with self._lock:
                lane.users -= 1
                if not lane.users:
                    del self._lanes[event]


gate = Gate(
    overall=settings.BOOKING_WRITES_AT_ONCE, per_event=settings.BOOKING_WRITES_AT_ONCE_PER_EVENT
)
