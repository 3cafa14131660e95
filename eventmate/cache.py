"""The cache in Redis, and this process's memory in its place while Redis does not answer."""

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django_redis.cache import RedisCache  # type: ignore[import-untyped]  # ships no types
from redis import RedisError

logger = logging.getLogger(__name__)


def or_from_memory(method: Callable[..., Any]) -> Callable[..., Any]:
    """Do it in memory where Redis fails."""

    @functools.wraps(method)
    def either(cache: "RedisElseMemoryCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return method(cache, *args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("Redis fails, memory stands in: %s", error)
            return getattr(cache.memory, method.__name__)(*args, **kwargs)

    return either


class RedisElseMemoryCache(RedisCache):
    """Ignoring a failure, as django-redis can, would break locks and counts that are kept here:
    allauth could not count log-in attempts, and refuse them all.

    Not for sessions: the memory of one process does not hear of a log-out in another. Theirs are
    in the database as well.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.memory = LocMemCache(f"instead of {server}", params)

    get = or_from_memory(RedisCache.get)
    get_many = or_from_memory(RedisCache.get_many)
    has_key = or_from_memory(RedisCache.has_key)
    set = or_from_memory(RedisCache.set)
    set_many = or_from_memory(RedisCache.set_many)
    add = or_from_memory(RedisCache.add)
    touch = or_from_memory(RedisCache.touch)
    incr = or_from_memory(RedisCache.incr)
    decr = or_from_memory(RedisCache.decr)
    delete = or_from_memory(RedisCache.delete)
    delete_many = or_from_memory(RedisCache.delete_many)

    @or_from_memory
    def clear(self) -> None:
        """Delete what has this site's prefix. RedisCache would empty the whole database, in which
        other sites may keep theirs.
        """
        self.delete_pattern("*", itersize=1000)
