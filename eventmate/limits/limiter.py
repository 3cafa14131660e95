"""Counts of this worker, reconciled with those of all others."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from redis import RedisError

from eventmate.limits.rates import Rate
from eventmate.limits.redis_counts import Increment
from eventmate.limits.usage import Usage, tightest
from eventmate.limits.windows import Window

# Seconds that counts are gathered before they are sent, where nobody waits for the answer.
GATHERED = 0.1
# Seconds that a request waits for Redis at most, where nothing else is said.
PATIENCE = 0.25
# Seconds from a failure of Redis to the next try.
PAUSE = 0.5
# Clients of which one worker remembers what they used, at about 700 bytes each.
CLIENTS = 5_000

logger = logging.getLogger(__name__)


class Counts(Protocol):
    """Raises RedisError or OSError where it cannot."""

    def add(self, increments: Sequence[Increment]) -> list[int]: ...


class Batch:
    """Counts that are sent together, and who waits for them."""

    def __init__(self) -> None:
        self.done = threading.Event()
        # The total of all workers before the first of this batch; None where Redis did not say.
        self.before: dict[Window, int] | None = None


class Limiter:
    """Lets a client's requests through until it has used its limit.

    Most are let through from memory. When a client has used half of this worker's share, that goes
    to Redis a moment later, with what is due of all other clients. A request waits for Redis where
    the share is used up, or where the client is near its limit: the next batch then gives the
    request its place among those of all workers. As all the shares are a tenth of the limit, no
    more than that gets past it, and nothing is refused below it. With a share of 0, every request
    waits.

    Without Redis, or while it fails, each worker counts alone.
    """

    def __init__(
        self,
        rates: Mapping[str, tuple[Rate, ...]],
        *,
        counts: Counts | None,
        workers: int = 1,
        clients: int = CLIENTS,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """``rates`` by scope; ``workers`` is how many processes share ``counts``."""
        self._rates = rates
        self._counts = counts
        self._workers = workers
        self._most_clients = clients
        self._patience = patience
        self._clock = clock
        self._lock = threading.Lock()
        # Who asked last comes last.
        self._clients: OrderedDict[tuple[str, str], list[Window]] = OrderedDict()
        self._due: set[Window] = set()
        self._batch = Batch()
        self._hurry = threading.Event()
        self._sender_runs = False
        self._alone = counts is None
        self._next_try = 0.0

    def take(self, scope: str, client: str) -> Usage:
        """Count a request and say whether it is refused, in the client's tightest window.

        A refused request uses up nothing.
        """
        now = self._clock()
        with self._lock:
            windows = self._windows(scope, client, now)
            tight = min(windows, key=Window.left)
            if tight.left() <= 0:
                full = [window for window in windows if window.left() <= 0]
                return tightest(window.usage(window.limit + 1, now) for window in full)
            for window in windows:
                window.unsent += 1
            usage = tight.usage(tight.limit - tight.left(), now)
            if self._counts is None:
                return usage
            batch = self._batch
            places = {} if self._alone else self._places(windows)
            self._due.update(places or [window for window in windows if window.is_due])
            start = bool(self._due) and not self._sender_runs and now >= self._next_try
            self._sender_runs |= start
        if start:
            sender = threading.Thread(target=self._send_all, args=(self._counts,), daemon=True)
            sender.start()
        placed = self._placed(places, batch, now) if places else None
        return placed or usage

    def give_back(self, scope: str, client: str) -> None:
        """Take a request back that was counted, as another client's limit refuses it."""
        self._give_back(self._clients.get((scope, client), ()))

    def _places(self, windows: list[Window]) -> dict[Window, int]:
        """Where in the next batch the request stands; empty where it need not wait for that."""
        for window in windows:
            if window.needs_the_others(self._workers):
                return {window: window.unsent for window in windows}
        return {}

    def _windows(self, scope: str, client: str, now: float) -> list[Window]:
        name = scope, client
        windows = self._clients.get(name)
        if windows is None:
            self._forget_idle(now)
            windows = self._clients[name] = [
                Window(scope, client, rate, now, self._workers) for rate in self._rates[scope]
            ]
            return windows
        self._clients.move_to_end(name)
        for index, window in enumerate(windows):
            if window.end <= now:
                windows[index] = Window(scope, client, window.rate, now, self._workers)
        return windows

    def _forget_idle(self, now: float) -> None:
        """Forget two clients for a new one, so that there are never more than may be: those whose
        windows have ended, or, where all places are taken, who has not asked for longest. What
        those used is in Redis, but for a part of this worker's share.
        """
        for _ in range(2):
            longest = next(iter(self._clients.values()), None)
            crowded = len(self._clients) >= self._most_clients
            if longest is None or not (crowded or all(window.end <= now for window in longest)):
                return
            self._clients.popitem(last=False)

    def _placed(self, places: dict[Window, int], batch: Batch, now: float) -> Usage | None:
        """What the client has used by the count of all workers; None where Redis does not say."""
        self._hurry.set()
        if not batch.done.wait(self._patience) or batch.before is None:
            return None
        before = batch.before
        usages = {w: w.usage(before[w] + place, now) for w, place in places.items() if w in before}
        if not usages:
            return None
        if any(usage.refused for usage in usages.values()):
            self._give_back(window for window, usage in usages.items() if not usage.refused)
        return tightest(usages.values())

    def _give_back(self, windows: Iterable[Window]) -> None:
        with self._lock:
            for window in windows:
                window.unsent -= 1
                self._due.add(window)

    def _send_all(self, counts: Counts) -> None:
        try:
            while taken := self._next_batch():
                self._send(counts, *taken)
        except BaseException:
            # The next request starts another.
            with self._lock:
                self._sender_runs = False
            raise

    def _next_batch(self) -> tuple[Batch, list[Window]] | None:
        """Wait until somebody waits, or for a moment; None when there is nothing to send."""
        self._hurry.wait(GATHERED)
        now = self._clock()
        with self._lock:
            self._hurry.clear()
            if not self._due or now < self._next_try:
                self._sender_runs = False
                return None
            windows = [window for window in self._due if window.end > now]
            self._due.clear()
            for window in windows:
                window.sending, window.unsent = window.unsent, 0
            batch, self._batch = self._batch, Batch()
        return batch, windows

    def _send(self, counts: Counts, batch: Batch, windows: list[Window]) -> None:
        now = self._clock()
        try:
            totals = counts.add(
                [Increment(w.key, w.sending, int(w.end - now) + 5) for w in windows]
            )
        except (RedisError, OSError) as error:
            self._go_on_alone(windows, error)
        else:
            self._learn(batch, dict(zip(windows, totals, strict=True)))
        batch.done.set()

    def _learn(self, batch: Batch, totals: dict[Window, int]) -> None:
        with self._lock:
            batch.before = {window: total - window.sending for window, total in totals.items()}
            for window, total in totals.items():
                window.known, window.sending = total, 0
            returned, self._alone = self._alone, False
        if returned:
            logger.warning("Rate limits are counted over all workers again.")

    def _go_on_alone(self, windows: list[Window], error: Exception) -> None:
        with self._lock:
            for window in windows:
                window.sending, window.unsent = 0, window.unsent + window.sending
            if len(self._due) < self._most_clients:
                self._due.update(windows)
            first, self._alone = not self._alone, True
            self._next_try = self._clock() + PAUSE
            # Nobody needs to wait for the batch after it.
            self._batch.done.set()
            self._batch = Batch()
        if first:
            logger.warning("Each worker counts for the rate limits alone: %s", error)
