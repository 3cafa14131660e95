"""The counts that all workers share."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.cache import caches


class Increment(NamedTuple):
    key: str
    by: int
    # Seconds that the count is kept.
    timeout: int


class RedisCounts:
    """In the Redis of the default cache, through its client. Raises RedisError or OSError."""

    def __init__(self) -> None:
        cache: Any = caches["default"]
        self._client = cache.client.get_client(write=True)
        self._make_key = cache.make_key

    def add(self, increments: Sequence[Increment]) -> list[int]:
        """Add to all counts in one round trip, and return them."""
        with self._client.pipeline(transaction=False) as pipeline:
            for key, by, timeout in increments:
                name = self._make_key(key)
                pipeline.incrby(name, by)
                pipeline.expire(name, timeout)
            totals: list[int] = pipeline.execute()[::2]
        return totals
