"""What a web worker hears of changes to what its pages show, whoever makes them."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, NamedTuple

import gevent
import psycopg
from django.db import OperationalError, connections
from gevent import monkey

from eventmate.pages.registry import REGISTRY, Changes
from eventmate.pages.snapshots import read

# Seconds after which it is time to ask, and for which what was heard is relied on.
INTERVAL = 0.4
TRUSTED = 0.9
# Seconds that a visitor waits for it at most, and for which nobody asks where it failed.
PATIENCE = 3.0
PAUSE = 1.0
# Seconds for which changes are remembered: longer than a page is shown.
REMEMBERED = 330.0
# Something that all pages may show.
EVERYTHING = "everything"
# In place of a transaction, where it is another server that answers.
MOVED = 0

logger = logging.getLogger(__name__)


class Asked(NamedTuple):
    """When, the snapshot before, and what was new since."""

    at: float
    before: str
    changes: Changes


class News:
    """Changes, by a connection of this process's own, so that a pool that a rush uses up does not
    keep them back. Whoever needs them asks, at most every INTERVAL; the others rely on that.

    ``snapshot`` is what the database was when it was last asked, as ``pg_current_snapshot()`` says
    it. ``heard`` is called with each time's changes, and the time after which they were made.
    ``moved_at``, in seconds since 1970, is when another server was found to answer.
    """

    def __init__(self, heard: Callable[[Changes, float], None]) -> None:
        self.snapshot = ""
        self._heard = heard
        self._connection: psycopg.Connection[Any] | None = None
        self._lock = threading.Lock()
        self.moved_at = self._asked_at = self._failed_at = float("-inf")
        self._past: deque[Asked] = deque()
        # By tag, those that have changed it, of all that is in the past.
        self._transactions: dict[str, deque[int]] = {}

    def is_current(self) -> bool:
        """Whether what is known is not older than a second. Asks if it is time to; only where
        nothing recent is known, the others wait for that.
        """
        now = time.monotonic()
        age = now - self._asked_at
        if age < INTERVAL or (age < TRUSTED and self._lock.locked()):
            return True
        if now - self._failed_at < PAUSE:
            return False
        try:
            self.catch_up(patience=TRUSTED)
        except OperationalError:
            return False
        return True

    def catch_up(self, *, patience: float = PATIENCE) -> None:
        """Hear of all that was changed before this was called. Raises OperationalError where the
        database does not answer in time.
        """
        called_at = time.monotonic()
        with self._lock:
            if self._asked_at > called_at:
                return
            asked_at = time.monotonic()
            if asked_at - self._failed_at < PAUSE:
                raise OperationalError("The database did not answer a moment ago.")
            try:
                with at_most(patience):
                    snapshot, changes = self._ask()
            except psycopg.Error as error:
                self._give_up()
                raise OperationalError(str(error)) from error
            except BaseException:  # too late, or the request itself is
                self._give_up()
                raise
            if self.snapshot and read(snapshot).following < read(self.snapshot).following:
                changes = self._moved()
            self._remember(asked_at, snapshot, changes)
            self._heard(changes, self._asked_at)
            self._asked_at = asked_at

    def has_changed(self, tags: Iterable[str], since: str) -> bool:
        """Whether any of them may be otherwise than in that snapshot, for all that is known."""
        then = read(since)
        if not then.includes(read(self._past[0].before)):
            return True  # from before what is remembered
        has_moved = time.time() - self.moved_at < REMEMBERED
        if has_moved and then.following > read(self.snapshot).following:
            return True  # of the server before
        return any(
            not then.sees(transaction)
            for tag in (EVERYTHING, *tags)
            for transaction in self._transactions.get(tag, ())
        )

    def _ask(self) -> tuple[str, Changes]:
        if self._connection is not None:
            try:
                return self._read(self._connection)
            except psycopg.OperationalError:
                if not self._connection.closed:
                    raise
                # Cut off since it was last used, as by a restart: that is not an outage yet.
        parameters = connections["default"].get_connection_params()
        self._connection = psycopg.connect(
            **parameters | {"autocommit": True, "prepare_threshold": None}
        )
        return self._read(self._connection)

    def _read(self, connection: psycopg.Connection[Any]) -> tuple[str, Changes]:
        with connection.cursor() as cursor:
            return REGISTRY.changes_since(cursor, self.snapshot or None)

    def _moved(self) -> Changes:
        """It is another server, or an older copy: its numbers say nothing of what was before."""
        self._past.clear()
        self._transactions.clear()
        self.snapshot, self.moved_at = "", time.time()
        return [(MOVED, EVERYTHING)]

    def _remember(self, asked_at: float, snapshot: str, changes: Changes) -> None:
        self._past.append(Asked(asked_at, self.snapshot or snapshot, changes))
        for transaction, tag in changes:
            self._transactions.setdefault(tag, deque()).append(transaction)
        while asked_at - self._past[0].at > REMEMBERED and len(self._past) > 1:
            self._forget(self._past.popleft().changes)
        self.snapshot = snapshot

    def _forget(self, changes: Changes) -> None:
        """The oldest ones."""
        for _transaction, tag in changes:
            transactions = self._transactions[tag]
            transactions.popleft()
            if not transactions:
                del self._transactions[tag]

    def _give_up(self) -> None:
        self._failed_at = time.monotonic()
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()


def at_most(seconds: float) -> AbstractContextManager[Any]:
    """Raise OperationalError after that time, in a process that gevent has patched."""
    if not monkey.is_module_patched("socket"):
        return nullcontext()
    return gevent.Timeout(seconds, OperationalError(f"The database did not answer in {seconds} s."))
