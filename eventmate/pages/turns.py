"""Whose turn it is to make a page that nobody has seen yet."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache

from django.conf import settings
from django.db import Error, OperationalError

from eventmate.errors import is_outage
from eventmate.promptness import hurry
from eventmate.turnstile import Turnstile, WaitedTooLongError

# The rest of a request's time is for the page itself.
PATIENCE = settings.REQUEST_DEADLINE * 0.6
# Seconds. Whoever waited longer for a turn hurries: the others must not wait as long.
LONG_WAIT = 1.0


class TooManyPagesError(Exception):
    """Whoever waited in vain for a turn."""


class Turns:
    """A few at a time, so that those who book or log in meanwhile find a connection, and get their
    share of the processor. To make ten at once would finish none of them sooner.
    """

    def __init__(
        self, count: int, *, patience: float = PATIENCE, long_wait: float = LONG_WAIT
    ) -> None:
        self._turnstile = Turnstile(count)
        self._patience = patience
        self._long_wait = long_wait
        self._failed_at = self._made_at = float("-inf")

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Raises TooManyPagesError where it takes too long until it is one's turn, OperationalError
        where those before found that the database does not answer.
        """
        came_at = time.monotonic()
        try:
            with self._turnstile.passing(came_at + self._patience):
                if self._failed_at > came_at:
                    raise OperationalError("The database did not answer those who came before.")
                is_late = time.monotonic() - came_at > self._long_wait
                with self._telling_others(), hurry() if is_late else nullcontext():
                    yield
        except WaitedTooLongError as error:
            raise TooManyPagesError from error

    @contextmanager
    def _telling_others(self) -> Iterator[None]:
        """Where others were made meanwhile, a failure is none of the database's: there was too much
        to do for this one to find a connection in time.
        """
        began_at = time.monotonic()
        try:
            yield
        except Error as error:
            if is_outage(error) and self._made_at < began_at:
                self._failed_at = time.monotonic()
            raise
        else:
            self._made_at = time.monotonic()


@cache
def site_turns() -> Turns:
    """Those of this process."""
    return Turns(settings.NEW_PAGES_AT_ONCE)
