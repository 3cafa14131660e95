"""Waiting on the spot: without letting the other requests of a gevent worker run, for a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from gevent.monkey import get_original

# What gevent puts in its place lets the others run.
real_poll = get_original("select", "poll")

_is_hurried: ContextVar[bool] = ContextVar("is_hurried", default=False)


@contextmanager
def hurry() -> Iterator[None]:
    """Meanwhile, the caller waits on the spot where others would not."""
    token = _is_hurried.set(True)
    try:
        yield
    finally:
        _is_hurried.reset(token)


def is_hurried() -> bool:
    return _is_hurried.get()


class Promptness:
    """Of a service: how fast its answers came lately, over all connections of this process."""

    # Milliseconds that are worth a wait on the spot.
    MOMENT = 2
    # Of so many answers, one is waited for where they were slow, to see whether they still are.
    SAMPLE = 32

    def __init__(self) -> None:
        self.slow_share = 0.0
        self._skipped = 0

    def await_answer(self, fileno: int, events: int) -> int:
        """Wait on the spot for as long as that is worth it. Returns which of the events of
        select.poll there are; 0 for none.
        """
        moment = self.patience()
        found = poll(fileno, events, moment)
        if moment:
            self.learn(was_prompt=bool(found))
        return found

    def patience(self) -> int:
        """Milliseconds for which to wait on the spot."""
        if self.slow_share < 0.5:
            return self.MOMENT
        self._skipped = (self._skipped + 1) % self.SAMPLE
        return 0 if self._skipped else self.MOMENT

    def learn(self, *, was_prompt: bool) -> None:
        self.slow_share += ((not was_prompt) - self.slow_share) / self.SAMPLE


def poll(fileno: int, events: int, moment: int = 0) -> int:
    """Which of the events there are, or come within so many milliseconds. An error of the socket is
    none: it is told apart by who waits longer.
    """
    if fileno < 0:  # closed meanwhile, which is an error as well
        return 0
    waiting = real_poll()
    waiting.register(fileno, events)
    found = waiting.poll(moment)
    return found[0][1] & events if found else 0
