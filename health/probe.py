"""Asking a service something, without waiting long for one that hangs."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

FRESH_FOR = 1.0

Result = TypeVar("Result")


class Attempt(Generic[Result]):
    """One run of a check, in a thread of its own: a greenlet where gevent has patched."""

    def __init__(self, check: Callable[[], Result], patience: float) -> None:
        self._check = check
        self._started = time.monotonic()
        self._deadline = self._started + patience
        self._in_time: Result | None = None
        self._over = threading.Event()
        threading.Thread(target=self._run, name=check.__name__, daemon=True).start()

    def result(self) -> Result | None:
        """What the check found before its deadline, for which this waits at most; else None."""
        self._over.wait(max(0.0, self._deadline - time.monotonic()))
        return self._in_time

    @property
    def is_spent(self) -> bool:
        """Whether its result is too old to use. That a check still hangs is a fresh result."""
        return self._over.is_set() and time.monotonic() - self._started > FRESH_FOR

    def _run(self) -> None:
        try:
            found = self._check()
            if time.monotonic() <= self._deadline:
                self._in_time = found
        finally:
            self._over.set()


class Probe(Generic[Result]):
    """A check, run once for all who ask within a second, and never twice at a time.

    ``check`` returns what it found, or what is false where the service does not answer, and ends by
    itself sooner or later. Whoever asks has an answer within ``patience`` seconds: a check that
    takes longer has failed.
    """

    def __init__(self, check: Callable[[], Result], patience: float) -> None:
        self._check = check
        self._patience = patience
        self._lock = threading.Lock()
        self._latest: Attempt[Result] | None = None

    def begin(self) -> Attempt[Result]:
        """Return the attempt under way or just made, or start one."""
        with self._lock:
            if self._latest is None or self._latest.is_spent:
                self._latest = Attempt(self._check, self._patience)
            return self._latest
