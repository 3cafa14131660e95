"""What a client has used of a limit."""

from collections.abc import Iterable
from typing import NamedTuple

from eventmate.limits.rates import Rate


class Usage(NamedTuple):
    scope: str
    rate: Rate
    # Requests of this window, with the one that asks.
    used: int
    # When the window ends, in seconds since 1970.
    end: int
    # Seconds until then, never below 1.
    reset: int
    refused: bool

    @property
    def remaining(self) -> int:
        return max(0, self.rate.limit - self.used)


def tightest(usages: Iterable[Usage]) -> Usage:
    """The one that refuses (of several, the one for longest), or the next that would."""
    return min(usages, key=_room)


def _room(usage: Usage) -> tuple[bool, int, int]:
    return (not usage.refused, usage.remaining, -usage.reset)
