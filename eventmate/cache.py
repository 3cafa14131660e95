"""The caches in Redis, and what stands in for them while Redis does not answer."""

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache  # type: ignore[import-untyped]  # ships no types
from redis import RedisError, ResponseError

from eventmate.metrics.instruments import count_lookup
from eventmate.redis_client import GuardedPool, unlink_matching

logger = logging.getLogger(__name__)

# What one process keeps instead of Redis: at most 100 MB, and mostly counts and locks.
MOST_ENTRIES = 5_000
LARGEST_ENTRY = 20_000  # bytes
# Keys of what the process has in a memory of its own as well.
HAD_ANYWAY = ("page:", "last-copy:")

# By the first part of a key.
KINDS = {"allauth": "limit", "limit": "limit", "rl": "limit", "last-copy": "page", "names": "names"}


class GuardedCache(RedisCache):
    @property
    def pool(self) -> GuardedPool:
        pool: GuardedPool = self.client.get_client().connection_pool
        return pool

    def clear(self) -> None:
        """Delete what has this site's prefix. RedisCache would empty the whole database, in which
        other sites may keep theirs.
        """
        unlink_matching(self.client.get_client(), self.client.make_pattern("*"))


class Memory(LocMemCache):
    """What a cache holds in this process during one outage of Redis, and not in the next."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self._outage = 0

    def of_outage(self, number: int) -> "Memory":
        if number != self._outage:
            self._outage = number
            self.clear()
        return self

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        if not key.startswith(HAD_ANYWAY):
            super().set(key, value, timeout, version)

    def _set(self, key: str, value: bytes, timeout: float | None = DEFAULT_TIMEOUT) -> None:
        if len(value) > LARGEST_ENTRY:
            self._delete(key)  # type: ignore[attr-defined]
        else:
            super()._set(key, value, timeout)  # type: ignore[misc]


@functools.cache
def memory_instead_of(server: str, prefix: str, timeout: float | None) -> Memory:
    options = {"MAX_ENTRIES": MOST_ENTRIES}
    params = {"KEY_PREFIX": prefix, "TIMEOUT": timeout, "OPTIONS": options}
    return Memory(f"{prefix} instead of {server}", params)


def or_from_memory(method: Callable[..., Any]) -> Callable[..., Any]:
    """Do it in memory where Redis fails."""

    @functools.wraps(method)
    def either(cache: "RedisElseMemoryCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return method(cache, *args, **kwargs)
        except ResponseError as error:
            logger.warning("Redis refuses, memory stands in: %s", error)
        except (RedisError, OSError):
            pass  # counted, and logged once by the breaker
        return getattr(cache.memory, method.__name__)(*args, **kwargs)

    return either


class RedisElseMemoryCache(GuardedCache):
    """Ignoring a failure, as django-redis can, would break locks and counts that are kept here:
    allauth could not count log-in attempts, and refuse them all.

    Not for sessions: the memory of one process does not hear of a log-out in another. Theirs are
    in the database as well.
    """

    @property
    def memory(self) -> Memory:
        memory = memory_instead_of(self._server, self.key_prefix, self.default_timeout)
        return memory.of_outage(self.pool.breaker.outages)

    _get_or_from_memory = or_from_memory(GuardedCache.get)
    get_many = or_from_memory(GuardedCache.get_many)
    has_key = or_from_memory(GuardedCache.has_key)
    set = or_from_memory(GuardedCache.set)
    set_many = or_from_memory(GuardedCache.set_many)
    add = or_from_memory(GuardedCache.add)
    touch = or_from_memory(GuardedCache.touch)
    incr = or_from_memory(GuardedCache.incr)
    decr = or_from_memory(GuardedCache.decr)
    delete = or_from_memory(GuardedCache.delete)
    delete_many = or_from_memory(GuardedCache.delete_many)
    clear = or_from_memory(GuardedCache.clear)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        value = self._get_or_from_memory(key, default, version)
        count_lookup(KINDS.get(key.partition(":")[0], "other"), hit=value is not default)
        return value


class SessionCache(GuardedCache):
    """Sessions, which PostgreSQL has as well: without Redis they are found there.

    What Redis was not told is made good before it is believed again: a failed write opens the
    breaker, whatever the reason. An entry lives no longer than the cache's TIMEOUT; that bounds
    what no process made good.
    """

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            value = super().get(key, default, version)
        except (RedisError, OSError):
            value = default
        count_lookup("session", hit=value is not default)
        return value

    def has_key(self, key: str, version: int | None = None) -> bool:
        try:
            return bool(super().has_key(key, version))
        except (RedisError, OSError):
            return False

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        if timeout is None or timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        self._write(super().set, key, value, min(timeout, self.default_timeout), version)

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._write(super().delete, key, version))

    def clear(self) -> None:
        self._write(super().clear)

    def _write(self, method: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return method(*arguments)
        except (RedisError, OSError) as error:
            self.pool.give_up(error)
            return None
        except BaseException as error:  # such as a request's deadline
            self.pool.give_up(error)
            raise
