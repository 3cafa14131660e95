"""What stands in for Redis while it does not answer."""

import os
import signal
from pathlib import Path

import pytest
from django.core.cache import caches
from django.test import Client

from eventmate.embedded import redis
from tests.factories import PASSWORD, UserFactory


@pytest.fixture
def redis_server(settings, tmp_path: Path, redis_url: str):
    """A Redis of this test's own, as the default cache."""
    server = redis.start(tmp_path)
    settings.CACHES = settings.CACHES | {
        "default": settings.CACHES["default"]
        | {"LOCATION": redis.url(redis.socket_path(tmp_path)) + "?db=0"}
    }
    yield server
    # A hung one does not hear the request to stop.
    os.kill(server.pid, signal.SIGCONT)
    server.stop(redis.STOP_TIMEOUT)


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
def test_cache_works_in_memory_while_redis_does_not_answer(redis_server, fault: int) -> None:
    cache = caches["default"]
    cache.set("event", "in redis")

    os.kill(redis_server.pid, fault)

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


def test_cache_is_redis_again_when_it_answers_again(redis_server) -> None:
    cache = caches["default"]
    cache.set("event", "in redis")
    os.kill(redis_server.pid, signal.SIGSTOP)
    assert cache.get("event") is None
    os.kill(redis_server.pid, signal.SIGCONT)

    assert cache.get("event") == "in redis"


def test_clearing_leaves_what_other_sites_keep_in_the_same_redis(settings, redis_server) -> None:
    ours = caches["default"]
    settings.CACHES = settings.CACHES | {
        "theirs": settings.CACHES["default"] | {"KEY_PREFIX": "another-site"}
    }
    theirs = caches["theirs"]
    ours.set_many({"one": 1, "two": 2})
    theirs.set("one", "theirs")

    ours.clear()

    assert ours.get_many(["one", "two"]) == {}
    assert theirs.get("one") == "theirs"


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
def test_people_log_in_while_redis_does_not_answer(client: Client, redis_server, fault) -> None:
    UserFactory(email="ada@example.com")
    os.kill(redis_server.pid, fault)

    response = client.post("/accounts/login/", {"login": "ada@example.com", "password": PASSWORD})

    assert response.status_code == 302
    assert client.get("/accounts/profile/").status_code == 200


@pytest.mark.django_db
def test_tries_are_limited_while_redis_does_not_answer(client: Client, redis_server) -> None:
    user = UserFactory(email="ada@example.com")
    os.kill(redis_server.pid, signal.SIGKILL)
    for _ in range(5):
        client.post("/accounts/login/", {"login": user.email, "password": "not this one"})

    page = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})

    assert "Too many tries." in page.text
