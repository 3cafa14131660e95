"""What a Redis that is killed, hung or full costs those who ask it."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import redis
from django.core.cache import caches
from django_redis import get_redis_connection  # type: ignore[import-untyped]

from eventmate.breaker import State
from eventmate.metrics.instruments import BREAKERS_OPEN, CACHE_ERRORS
from eventmate.redis_client import BreakerOpenError, GuardedPool, GuardedRedis, PoolFullError
from loadtests.chaos.servers import RedisServer
from tests.eventmate.redis_faults import eventually, on_server, refuse, running_redis, seconds_of
from tests.new_process import output_of
from tests.stopwatch import Stopwatch

TIMEOUT = 0.1


@pytest.fixture
def server(tmp_path: Path, redis_url: str) -> Iterator[RedisServer]:
    with running_redis(tmp_path) as server:
        yield server


@pytest.fixture
def client(server: RedisServer, settings: Any) -> GuardedRedis:
    settings.CACHES = on_server(settings.CACHES, server)
    client: GuardedRedis = get_redis_connection("default")
    client.set("event", "in redis")
    return client


def small_pool(server: RedisServer, *, connections: int, timeout: float) -> GuardedPool:
    return GuardedPool.from_url(
        server.url,
        alias="default",
        prefix="",
        max_connections=connections,
        timeout=timeout,
        socket_timeout=TIMEOUT,
    )


def breaker_lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.name == "eventmate.breaker"]


def errors(error: type[Exception], cache: str = "default") -> float:
    return CACHE_ERRORS.labels(cache, error.__name__)._value.get()


@pytest.mark.parametrize("fault", ["hang", "kill"])
def test_only_the_first_waits_for_a_redis_that_does_not_answer(
    client: GuardedRedis, server: RedisServer, fault: str
) -> None:
    getattr(server, fault)()
    if fault == "hang":
        unguarded = redis.Redis.from_url(server.url, socket_timeout=TIMEOUT)
        start = time.monotonic()
        refuse(unguarded, commands=10)
        assert time.monotonic() - start > 10 * TIMEOUT

    with Stopwatch() as watch:
        first = seconds_of(client, watch, commands=1)
        others = seconds_of(client, watch, commands=1000)

    assert first < 3 * TIMEOUT + 0.5
    assert others < 1
    with pytest.raises(BreakerOpenError):
        client.pipeline().set("event", 1).execute()


def test_those_who_wait_for_a_connection_do_not_ask_a_hung_redis_one_by_one(
    server: RedisServer,
) -> None:
    pool = small_pool(server, connections=5, timeout=10)
    client = GuardedRedis(connection_pool=pool)
    server.hang()

    with Stopwatch() as watch, ThreadPoolExecutor(200) as threads:
        waits = list(threads.map(lambda _: seconds_of(client, watch, commands=1), range(200)))

    # Five at a time, the last would have waited for forty times the timeout.
    assert max(waits) < 20 * TIMEOUT
    assert pool.breaker.outages == 1


def test_redis_is_used_again_soon_after_it_answers(
    client: GuardedRedis, server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.kill()
    with caplog.at_level(logging.INFO):
        refuse(client, commands=100)
        assert BREAKERS_OPEN.labels("default")._value.get() == 1
        server.start()
        with Stopwatch() as watch:
            assert eventually(lambda: client.connection_pool.breaker.state is State.CLOSED)
        assert watch.seconds < 3 + 1
        assert client.set("event", "again")
        assert eventually(lambda: len(breaker_lines(caplog)) == 2)

    assert BREAKERS_OPEN.labels("default")._value.get() == 0
    lines = breaker_lines(caplog)
    assert "given up" in lines[0]
    assert "used again" in lines[1]


def test_redis_that_answers_and_takes_nothing_is_given_up(
    client: GuardedRedis, server: RedisServer
) -> None:
    with server.connect() as operator:
        operator.config_set("maxmemory-policy", "noeviction")
        operator.config_set("maxmemory", 1)
        with pytest.raises(redis.OutOfMemoryError):
            client.set("event", "no room")
        with pytest.raises(BreakerOpenError):
            client.get("event")

        operator.config_set("maxmemory", 0)
        assert eventually(lambda: client.connection_pool.breaker.state is State.CLOSED)

    assert client.set("event", "room")


def test_command_that_redis_refuses_is_no_outage(client: GuardedRedis) -> None:
    with pytest.raises(redis.ResponseError):
        client.lpush("event", "not a list")

    assert client.get("event") == b"in redis"


def test_full_pool_is_no_outage_and_is_counted(server: RedisServer) -> None:
    pool = small_pool(server, connections=1, timeout=0.05)
    client = GuardedRedis(connection_pool=pool)
    busy = pool.get_connection()
    before = errors(PoolFullError)

    with pytest.raises(PoolFullError):
        client.get("event")

    assert errors(PoolFullError) == before + 1
    assert not pool.breaker.is_open
    pool.release(busy)
    assert client.get("event") is None


WAITERS = """
from gevent import monkey; monkey.patch_all()
import gevent
from eventmate.breaker import Breaker
from eventmate.redis_client import Places

class Late(BaseException):
    pass

def take(name):
    try:
        print(name, places.get(timeout=20))
    except Late:
        print(name, "late")

places = Places(Breaker("default", probe=lambda: None, catch_up=lambda: None), 1)
first, second = gevent.spawn(take, "first"), gevent.spawn(take, "second")
gevent.sleep(0)

def give_to_one_that_is_ended():
    places.put_nowait("connection")
    first.throw(Late())

gevent.get_hub().loop.run_callback(give_to_one_that_is_ended)
gevent.joinall([first, second], timeout=10)
"""


def test_connection_of_one_that_is_ended_as_it_gets_it_goes_to_the_next() -> None:
    assert output_of(WAITERS).splitlines() == ["first late", "second connection"]


CLIENTS = """
import os, sys, time
os.environ["REDIS_URL"] = sys.argv[1]
from gevent import monkey; monkey.patch_all()
import django, gevent
django.setup()
from django.conf import settings
from django.core.cache import caches
from eventmate.metrics.instruments import CACHE_ERRORS

if sys.argv[2] == "impatient":
    for alias in settings.CACHES:
        settings.CACHES[alias]["OPTIONS"]["CONNECTION_POOL_KWARGS"]["timeout"] = 0.25

def visit():
    "A request with a session and three calls of the cache, and what it computes."
    session, cache = caches["sessions"], caches["default"]
    for each in (session, cache, cache, cache):
        until = time.perf_counter() + 0.0005
        while time.perf_counter() < until:
            pass
        each.get("event")

gevent.joinall([gevent.spawn(visit) for _ in range(400)])
full = [s.value for m in CACHE_ERRORS.collect() for s in m.samples
        if s.labels.get("error") == "PoolFullError" and s.name.endswith("_total")]
print(int(sum(full)))
"""


def test_four_hundred_clients_of_one_worker_find_a_connection(server: RedisServer) -> None:
    assert int(output_of(CLIENTS, server.url, "impatient")) > 0

    assert int(output_of(CLIENTS, server.url, "as set")) == 0


def test_recovery_forgets_this_sites_sessions_only(server: RedisServer, settings: Any) -> None:
    settings.CACHES = on_server(settings.CACHES, server)
    settings.CACHES["theirs"] = settings.CACHES["sessions"] | {"KEY_PREFIX": "another-site"}
    sessions, theirs = caches["sessions"], caches["theirs"]
    for number in range(2500):
        sessions.set(f"session-{number}", number)
    theirs.set("session", "theirs")
    server.hang()
    sessions.delete("session-1")
    server.resume()
    client = get_redis_connection("sessions")

    assert eventually(lambda: client.connection_pool.breaker.state is State.CLOSED)
    with server.connect(database=1) as operator:
        assert eventually(lambda: operator.dbsize() == 1)
    assert theirs.get("session") == "theirs"


BUSY = """
from gevent import monkey; monkey.patch_all()
import os, signal, sys, time
import django, gevent, redis
django.setup()
from redis.backoff import NoBackoff
from redis.retry import Retry
from eventmate.redis_client import GuardedPool, GuardedRedis

class Plain(redis.UnixDomainSocketConnection):
    pass

url, kind = sys.argv[1:]
pool = GuardedPool.from_url(
    url,
    alias="default",
    prefix="",
    timeout=5,
    socket_timeout=0.1,
    retry=Retry(NoBackoff(), 0),
    **({"connection_class": Plain} if kind == "plain" else {}),
)
client = GuardedRedis(connection_pool=pool)
client.set("event", "there")
redis_pid = client.info("server")["process_id"]

def compute(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass

def let_redis_answer():
    os.kill(redis_pid, signal.SIGCONT)
    compute(2)

# When the first has computed, the time of both is over: that of the second greenlet, while which
# Redis answers, and then that of the command.
os.kill(redis_pid, signal.SIGSTOP)
gevent.spawn_later(0.02, compute, 0.3)
gevent.spawn_later(0.05, let_redis_answer)
try:
    print(client.get("event"))
except redis.TimeoutError:
    print("timeout")
"""


def test_healthy_redis_is_not_given_up_because_this_process_is_busy(server: RedisServer) -> None:
    assert output_of(BUSY, server.url, "plain") == "timeout\n"
    assert output_of(BUSY, server.url, "guarded") == "b'there'\n"
