"""Connections to Redis that nobody waits for long, whatever happens to Redis.

The settings name the classes here to django-redis. A pool is one of a process and a URL, and with
it its breaker: all clients of that URL share it.
"""

import threading
from collections.abc import Callable, Iterable
from functools import partial
from queue import Full
from typing import Any

import redis
from django_redis.client.default import glob_escape  # type: ignore[import-untyped]
from redis.client import Pipeline
from redis.maint_notifications import MaintNotificationsConfig

from eventmate.breaker import Breaker, State
from eventmate.metrics.instruments import CACHE_ERRORS
from eventmate.redis_connections import OURS

READS = frozenset({"GET", "MGET", "EXISTS"})
BATCH = 1000
# Deletions that Redis missed and a pool remembers. Of more, all is deleted.
MOST_MISSED = 10_000


class BreakerOpenError(redis.ConnectionError):
    """Redis has not answered lately, and was not asked."""


class PoolFullError(redis.ConnectionError):
    """All connections of this process were in use for too long; Redis was not asked."""


class Places:
    """The places of a pool, last in, first out; nobody waits for one while the breaker is open.

    What the pool asks of a queue.LifoQueue. Under gevent that is another class, which can not wake
    all who wait.
    """

    def __init__(self, breaker: Breaker, size: int) -> None:
        self.queue: list[Any] = []
        self._size = size
        self._breaker = breaker
        self._changed = threading.Condition()

    def put_nowait(self, place: Any) -> None:
        with self._changed:
            if len(self.queue) >= self._size:
                raise Full
            self.queue.append(place)
            self._changed.notify()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take a place. The pool would make an Empty a ConnectionError like any other."""
        with self._changed:
            try:
                answered = self._changed.wait_for(self._has_answer, timeout if block else 0)
            except BaseException:  # such as a request's deadline
                self._changed.notify()  # somebody else, in case it was this one's turn
                raise
            if not answered:
                raise PoolFullError(f"No connection was free for {timeout} s.")
            if self._breaker.is_open:
                raise BreakerOpenError("Redis was given up meanwhile.")
            return self.queue.pop()

    def send_away(self) -> None:
        """Wake all who wait."""
        with self._changed:
            self._changed.notify_all()

    def _has_answer(self) -> bool:
        return self._breaker.is_open or bool(self.queue)


class GuardedPool(redis.BlockingConnectionPool):
    """A pool with a breaker.

    ``alias`` names the cache in logs and metrics. Keys of this site begin with ``prefix``. Where
    the pool is ``distrustful``, they are deleted before Redis is believed again after a failure:
    what should have been deleted or changed meanwhile is still there.
    """

    def __init__(
        self,
        *,
        alias: str,
        prefix: str,
        distrustful: bool = False,
        connection_class: type[redis.connection.AbstractConnection] = redis.Connection,
        **kwargs: Any,
    ) -> None:
        self.alias = alias
        self.breaker = Breaker(alias, probe=self._probe, catch_up=self._catch_up)
        self._prefix = prefix
        self._distrustful = distrustful
        self._missed: set[str] = set()
        super().__init__(
            queue_class=partial(Places, self.breaker),
            connection_class=OURS.get(connection_class, connection_class),
            # With them on, a connection is handed out without a look at what is left unread on it.
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
            **kwargs,
        )

    def failed(self, error: Exception) -> None:
        """Count it, and open the breaker where others will fare no better."""
        outage = is_outage(error)
        if outage or isinstance(error, BreakerOpenError | PoolFullError):
            CACHE_ERRORS.labels(self.alias, type(error).__name__).inc()
        if outage:
            self.give_up(error)

    def give_up(self, reason: BaseException) -> None:
        """Open the breaker, also for those who wait for a place."""
        self.breaker.open(reason)
        self.pool.send_away()

    def miss(self, keys: Iterable[str]) -> None:
        """Delete them before Redis is believed again, which could not be told to now: a lock that
        was released meanwhile would hold on.
        """
        if len(self._missed) <= MOST_MISSED:
            self._missed.update(keys)

    def _probe(self) -> None:
        """A write: Redis may answer and have no room, or be a replica."""
        with self._apart() as client:
            client.set(f"{self._prefix}breaker", 1, px=1000)

    def _catch_up(self) -> None:
        missed = frozenset(self._missed)
        with self._apart() as client:
            if self._distrustful or len(missed) > MOST_MISSED:
                unlink_matching(client, f"{glob_escape(self._prefix)}*")
            elif missed:
                client.unlink(*missed)
        self._missed -= missed

    def _apart(self) -> redis.Redis:
        """A client with a new connection, that no breaker stops."""
        kwargs = {"connection_class": self.connection_class, **self.connection_kwargs}
        return redis.Redis.from_pool(redis.ConnectionPool(max_connections=1, **kwargs))


def is_outage(error: Exception) -> bool:
    if isinstance(error, BreakerOpenError | PoolFullError):
        return False
    if isinstance(error, redis.ResponseError):
        full = isinstance(error, redis.OutOfMemoryError | redis.ReadOnlyError)
        return full or str(error).startswith("MISCONF")
    return isinstance(error, redis.ConnectionError | redis.TimeoutError | OSError)


def unlink_matching(client: redis.Redis, pattern: str) -> None:
    """Delete the keys in batches, none of which holds up others for long."""
    cursor = 0
    while True:
        cursor, keys = client.scan(cursor, match=pattern, count=BATCH)
        if keys:
            client.unlink(*keys)
        if cursor == 0:
            return


def _ask(pool: GuardedPool, command: str, call: Callable[[], Any]) -> Any:
    state = pool.breaker.state
    try:
        if state is State.OPEN or (state is State.CATCHING_UP and command in READS):
            raise BreakerOpenError("Redis has not answered lately.")
        return call()
    except (redis.RedisError, OSError) as error:
        pool.failed(error)
        raise


class GuardedRedis(redis.Redis):
    """Asks no Redis that its pool's breaker has given up."""

    connection_pool: GuardedPool

    def execute_command(self, *args: Any, **options: Any) -> Any:
        ask = partial(super().execute_command, *args, **options)
        try:
            return _ask(self.connection_pool, args[0], ask)
        except (redis.RedisError, OSError):
            if args[0] == "DEL":
                self.connection_pool.miss(args[1:])
            raise

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> "GuardedPipeline":
        return GuardedPipeline(
            self.connection_pool, self.response_callbacks, transaction, shard_hint
        )


class GuardedPipeline(Pipeline):
    connection_pool: GuardedPool

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        ask = partial(super().execute, raise_on_error)
        answers: list[Any] = _ask(self.connection_pool, "EXEC", ask)
        return answers

    def immediate_execute_command(self, *args: Any, **options: Any) -> Any:
        ask = partial(super().immediate_execute_command, *args, **options)
        return _ask(self.connection_pool, args[0], ask)
