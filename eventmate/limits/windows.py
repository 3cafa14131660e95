"""One client's requests in one window of time."""

import zlib
from math import ceil

from eventmate.limits.rates import Rate
from eventmate.limits.usage import Usage

# A part of the limit, by which all workers together may let too many through.
SLACK = 0.1


def window_end(client: str, seconds: int, now: float) -> int:
    """When the client's window ends, in seconds since 1970.

    Every client's windows have edges of their own, so that not all begin anew at once.
    """
    shift = zlib.crc32(client.encode()) % seconds
    return int(now - shift) // seconds * seconds + seconds + shift


class Window:
    """`known` is the total of all workers as Redis last told it, `sending` what is on the way
    there, and `unsent` what this worker has counted since.
    """

    __slots__ = ("client", "end", "known", "limit", "rate", "scope", "sending", "share", "unsent")

    def __init__(self, scope: str, client: str, rate: Rate, now: float, workers: int) -> None:
        self.scope = scope
        self.client = client
        self.rate = rate
        self.limit = rate.limit
        self.end = window_end(client, rate.seconds, now)
        # What this worker may let through without asking.
        self.share = int(rate.limit * SLACK / workers)
        self.known = self.sending = self.unsent = 0

    @property
    def key(self) -> str:
        return f"limit:{self.scope}:{self.client}:{self.rate.seconds}:{self.end}"

    def left(self) -> int:
        """How many more the client may send, for all that this worker knows."""
        return self.limit - self.known - self.sending - self.unsent

    @property
    def is_due(self) -> bool:
        """Whether Redis should hear of it, before the next request would have to wait for that."""
        return 2 * self.unsent > self.share

    def needs_the_others(self, workers: int) -> bool:
        """Whether, for all that this worker knows, the limit may be reached, or it has let as many
        through as it may on its own.
        """
        own = self.sending + self.unsent
        return own > self.share or self.known + own * workers > self.limit

    def usage(self, used: int, now: float) -> Usage:
        reset = max(1, ceil(self.end - now))
        return Usage(self.scope, self.rate, used, self.end, reset, used > self.limit)
