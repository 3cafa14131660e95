"""Which transactions a snapshot of PostgreSQL sees: the text of ``pg_current_snapshot()``."""

from functools import lru_cache
from typing import NamedTuple


class Snapshot(NamedTuple):
    """All transactions before ``oldest`` are over, none from ``following`` on has begun."""

    oldest: int
    following: int
    running: frozenset[int]

    def sees(self, transaction: int) -> bool:
        return transaction < self.oldest or (
            transaction < self.following and transaction not in self.running
        )

    def includes(self, earlier: "Snapshot") -> bool:
        """Whether it sees all that the other one sees."""
        return self.following >= earlier.following and all(
            transaction in earlier.running
            for transaction in self.running
            if transaction < earlier.following
        )


@lru_cache(maxsize=1024)
def read(text: str) -> Snapshot:
    oldest, following, running = text.split(":")
    return Snapshot(
        int(oldest), int(following), frozenset(map(int, filter(None, running.split(","))))
    )
