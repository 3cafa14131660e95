"""What stands in for Redis while it does not answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from eventmate import cache as module
from eventmate import redis_client
from eventmate.breaker import State
from eventmate.metrics.instruments import CACHE_LOOKUPS
from loadtests.chaos.servers import RedisServer
from tests.eventmate.redis_faults import eventually, on_server, running_redis
from tests.factories import PASSWORD, UserFactory
from tests.new_process import output_of


@pytest.fixture
def redis_server(settings: Any, tmp_path: Path, redis_url: str) -> Iterator[RedisServer]:
    """A Redis of this test's own, with the caches on it."""
    with running_redis(tmp_path) as server:
        settings.CACHES = on_server(settings.CACHES, server)
        yield server


def lookups(kind: str) -> tuple[float, float]:
    hits, misses = (CACHE_LOOKUPS.labels(kind, outcome) for outcome in ("hit", "miss"))
    return hits._value.get(), misses._value.get()


@pytest.mark.parametrize("fault", ["hang", "kill"])
def test_cache_works_in_memory_while_redis_does_not_answer(
    redis_server: RedisServer, fault: str
) -> None:
    cache = caches["default"]
    cache.set("event", "in redis")

    getattr(redis_server, fault)()

    assert cache.get("event") is None
    assert cache.get("event", "nothing") == "nothing"
    assert cache.add("lock", 1, timeout=10)
    assert not cache.add("lock", 2, timeout=10)
    cache.set("count", 1, timeout=10)
    assert cache.incr("count") == 2
    assert cache.decr("count") == 1
    assert cache.incr("count") == 2
    assert cache.get_many(["lock", "count"]) == {"lock": 1, "count": 2}
    assert cache.has_key("lock")
    cache.set_many({"one": 1, "two": 2})
    cache.delete_many(["one"])
    assert cache.delete("lock")
    assert cache.get("lock") is None
    assert cache.get_or_set("two", 3) == 2
    cache.clear()
    assert cache.get("two") is None


def test_cache_is_redis_again_when_it_answers_again(redis_server: RedisServer) -> None:
    cache = caches["default"]
    cache.set("event", "in redis")
    redis_server.hang()
    assert cache.get("event") is None
    redis_server.resume()

    assert eventually(lambda: cache.get("event") == "in redis")


@pytest.mark.parametrize("most", [10_000, 1])
def test_lock_released_while_redis_does_not_answer_is_free_afterwards(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(redis_client, "MOST_MISSED", most)
    cache = caches["default"]
    cache.set("kept", "from before")
    locks = [f"lock-{number}" for number in range(3)]
    assert all(cache.add(lock, 1) for lock in locks)
    redis_server.hang()
    cache.delete(locks[0])
    cache.delete_many(locks[1:])
    redis_server.resume()

    assert eventually(lambda: cache.pool.breaker.state is State.CLOSED)
    assert cache.get("kept", "gone") == ("from before" if most > 1 else "gone")
    assert all(cache.add(lock, 2) for lock in locks)


def test_memory_of_one_outage_is_not_used_in_the_next(redis_server: RedisServer) -> None:
    cache = caches["default"]
    redis_server.hang()
    cache.set_many({"count": 5, "event": "of the first outage"})
    assert cache.get("event") == "of the first outage"
    redis_server.resume()
    assert eventually(lambda: cache.get("event") is None)
    cache.set("event", "in redis", timeout=1)

    redis_server.hang()

    assert cache.get_many(["event", "count"]) == {}
    assert cache.add("count", 1)
    assert cache.incr("count") == 2


def test_memory_stays_small(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ENTRIES", 50)
    cache = caches["default"]
    redis_server.kill()

    for number in range(500):
        cache.set(f"count-{number}", number)
    cache.set("page", "x" * module.LARGEST_ENTRY)
    cache.set("page:2::/", "had by the process anyway")

    kept = cache.get_many([f"count-{number}" for number in range(500)])
    assert 0 < len(kept) <= 50
    assert cache.get("count-499") == 499
    assert cache.get("page") is None
    assert cache.get("page:2::/") is None


def test_lookups_are_counted_by_what_was_looked_up(redis_server: RedisServer) -> None:
    cache = caches["default"]
    cache.set("allauth:rl:login", 1)
    limits, others, sessions = lookups("limit"), lookups("other"), lookups("session")

    cache.get("allauth:rl:login")
    cache.get("events.filter_choices")
    caches["sessions"].get("nobody")

    assert lookups("limit") == (limits[0] + 1, limits[1])
    assert lookups("other") == (others[0], others[1] + 1)
    assert lookups("session") == (sessions[0], sessions[1] + 1)


@pytest.mark.parametrize("alias", ["default", "sessions"])
def test_clearing_leaves_what_other_sites_keep_in_the_same_redis(
    settings: Any, redis_server: RedisServer, alias: str
) -> None:
    ours = caches[alias]
    settings.CACHES = settings.CACHES | {
        "theirs": settings.CACHES[alias] | {"KEY_PREFIX": "another-site"}
    }
    theirs = caches["theirs"]
    ours.set_many({"one": 1, "two": 2})
    theirs.set("one", "theirs")

    ours.clear()

    assert ours.get_many(["one", "two"]) == {}
    assert theirs.get("one") == "theirs"


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["hang", "kill"])
def test_people_log_in_while_redis_does_not_answer(
    client: Client, redis_server: RedisServer, fault: str
) -> None:
    UserFactory(email="ada@example.com")
    getattr(redis_server, fault)()

    response = client.post("/accounts/login/", {"login": "ada@example.com", "password": PASSWORD})

    assert response.status_code == 302
    assert client.get("/accounts/profile/").status_code == 200


@pytest.mark.django_db
def test_tries_are_limited_while_redis_does_not_answer(
    client: Client, redis_server: RedisServer
) -> None:
    user = UserFactory(email="ada@example.com")
    redis_server.kill()
    for _ in range(5):
        client.post("/accounts/login/", {"login": user.email, "password": "not this one"})

    page = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})

    assert "Too many tries." in page.text


LATE = """
import os, sys
os.environ["REDIS_URL"] = sys.argv[1]
from gevent import monkey; monkey.patch_all()
import django, gevent
django.setup()
from django.core.cache import caches

class Late(BaseException):
    pass

sessions = caches["sessions"]
sessions.set("session", "still there")
busy = [sessions.pool.get_connection() for _ in range(sessions.pool.max_connections)]
request = gevent.spawn(sessions.delete, "session")
gevent.sleep(0)
if sys.argv[2] == "late":
    request.kill(Late)
for connection in busy:
    sessions.pool.release(connection)
request.join()
print(sessions.pool.breaker.state.name, sessions.get("session"))
"""


def test_redis_is_not_believed_when_a_request_was_ended_before_it_told_it(
    redis_server: RedisServer,
) -> None:
    assert output_of(LATE, redis_server.url, "in time") == "CLOSED None\n"

    assert output_of(LATE, redis_server.url, "late") == "OPEN None\n"
