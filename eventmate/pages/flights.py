"""Pages that are being made in this process, each by one request, while others wait for it."""

import threading

from django.db import Error
from django.http import Http404

from eventmate.pages.page import Page
from eventmate.pages.turns import TooManyPagesError


class Flight:
    """A page that is being made, and who waits for it. Where it is over with neither an answer nor
    an error, as at the deadline of who made it, somebody else has to make it.
    """

    def __init__(self) -> None:
        self.is_over = threading.Event()
        self.page: Page | None = None
        self.error: Error | TooManyPagesError | Http404 | None = None
        self.is_answered = False


_flights: dict[str, Flight] = {}
_lock = threading.Lock()


def join(address: str) -> tuple[Flight, bool]:
    """Who makes the page now, and whether that is the caller, who then has to `leave`."""
    with _lock:
        flight = _flights.get(address)
        if flight is not None:
            return flight, False
        flight = _flights[address] = Flight()
        return flight, True


def leave(address: str, flight: Flight) -> None:
    with _lock:
        del _flights[address]
    flight.is_over.set()


def is_being_made(address: str) -> bool:
    return address in _flights
