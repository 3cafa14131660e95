"""The site while its PostgreSQL is down: the real servers, and a member among the visitors."""

import http.client
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis

from eventmate.last_copies import Copy
from eventmate.outage import PAUSE
from eventmate.pages.news import TRUSTED
from eventmate.pages.visitors import JUST_SENT
from loadtests.chaos.servers import PostgresServer, wait_until
from loadtests.site import LiveSite, serving
from tests.eventmate.one_worker import at_each_worker, only

STAGE = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tests.factories import EventFactory, UserFactory

jazz = EventFactory(slug="jazz", city__slug="berlin", category__slug="music", host__slug="blue")
for slug in ("never-seen", "seen-by-a-member"):
    EventFactory(slug=slug, host=jazz.host, city=jazz.city, category=jazz.category)
member = UserFactory(name="Ada Lovelace")
session = SessionStore()
session[SESSION_KEY] = str(member.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = member.get_session_auth_hash()
session.save()
print(session.session_key)
"""
PUBLIC = ["/", "/events/", "/event/jazz/", "/city/berlin/", "/category/music/", "/host/blue/"]
PROMISED = 4.0  # seconds in which what needs the database is answered without it
SLACK = 3.0  # on a machine with more to do
WAIT = 3.0  # seconds for which the pool lets a request wait for a connection

pytestmark = pytest.mark.timeout(300)  # two sites are started, and two workers again


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str
    seconds: float

    @property
    def is_copy(self) -> bool:
        return "EventMate; hit" in self.headers.get("Cache-Status", "")


def get(site: LiveSite, path: str, **headers: str) -> Answer:
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=30)
    started = time.monotonic()
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return Answer(response.status, response.headers, text, time.monotonic() - started)


@pytest.fixture(scope="module")
def site(own_postgres: PostgresServer, own_folder: Path, redis_url: str) -> Iterator[LiveSite]:
    data = own_folder / "site"
    data.mkdir()
    # Redis is not what fails here. Given up on a busy machine, it would miss copies.
    with serving(own_postgres.url, data, more={"REDIS_TIMEOUT": "10"}) as site:
        yield site


@pytest.fixture(scope="module")
def site_without_copies(own_postgres: PostgresServer, own_folder: Path) -> Iterator[LiveSite]:
    data = own_folder / "without"
    data.mkdir()
    with serving(own_postgres.url, data, workers=1, more={"LAST_COPY_MAX_AGE": "0"}) as site:
        yield site


@pytest.fixture(scope="module")
def member(site: LiveSite) -> dict[str, str]:
    """The headers of someone who is logged in, on the site with its events."""
    key = site.manage("shell", "-v0", "-c", STAGE).split()[-1]
    return {"Cookie": f"sessionid={key}"}


@pytest.fixture
def postgres(own_postgres: PostgresServer, site: LiveSite) -> Iterator[PostgresServer]:
    yield own_postgres
    own_postgres.mend()
    wait_until(lambda: at_each_worker(site, is_fresh), "a worker still gives copies")


def stop(postgres: PostgresServer) -> None:
    """Until a moment later, workers rely on what they have heard."""
    postgres.stop()
    time.sleep(TRUSTED)


def is_fresh(site: LiveSite) -> bool:
    """Whether Django answers so: who has just sent a form gets nothing from memory."""
    answer = get(site, "/", Cookie=f"{JUST_SENT}=1")
    return answer.status == 200 and not answer.is_copy


def copies_in_redis(site: LiveSite, redis_url: str) -> dict[str, str]:
    """The pages, by their keys, past the site's own way to them."""
    from django.core.cache import caches

    serializer = caches["default"].client._serializer
    with Redis.from_url(redis_url, db=0) as redis:
        found = redis.keys(f"{site.environment['CACHE_KEY_PREFIX']}:*last-copy:*")
        return {
            key.decode(): Copy(*serializer.loads(redis.get(key))).content.decode() for key in found
        }


def test_public_pages_are_shown_while_postgres_is_down(
    site: LiveSite, site_without_copies: LiveSite, member: dict[str, str], postgres: PostgresServer
) -> None:
    for path in PUBLIC:
        for each in (site, site_without_copies):
            assert not get(each, path).is_copy
            assert get(each, path).status == 200

    stop(postgres)
    assert get(site_without_copies, "/").status == 503

    for path in [*PUBLIC, "/event/jazz/?from=elsewhere"]:
        answer = get(site, path)
        assert (answer.status, answer.is_copy) == (200, True), path
        assert answer.seconds < PROMISED + SLACK
        assert answer.headers["Age"].isdecimal()
        assert answer.headers["Cache-Control"] == "no-store"
        assert "as it was" in answer.text
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for path in ("/event/never-seen/", "/events/?q=jazz"):
        answer = get(site, path)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5"), path
        assert answer.seconds < PROMISED + SLACK
    assert get(site, "/", **member).is_copy

    postgres.start()
    seconds = wait_until(lambda: is_fresh(site), "the page is still a copy")
    assert seconds < 2 + SLACK


def test_visitors_of_a_worker_that_knows_of_the_outage_do_not_wait(
    site: LiveSite, member: dict[str, str], postgres: PostgresServer
) -> None:
    get(site, "/")
    stop(postgres)
    first = each_worker(site, "/")
    # They are few: the latest visitor of each worker was there a while ago.
    time.sleep(2 * PAUSE)
    later = each_worker(site, "/")

    assert all(answer.is_copy for answer in (*first, *later))
    assert max(answer.seconds for answer in later) < WAIT


def each_worker(site: LiveSite, path: str) -> list[Answer]:
    """The answers of all workers, one after the other."""
    answers = []
    for worker in site.workers():
        with only(site, worker):
            answers.append(get(site, path))
    return answers


def test_new_worker_has_the_copies_of_the_others(
    site: LiveSite, member: dict[str, str], postgres: PostgresServer
) -> None:
    get(site, "/city/berlin/")
    old = site.workers()
    postgres.stop()
    for worker in old:
        worker.kill()
    wait_until(
        lambda: len(site.workers()) == len(old) and not set(site.workers()) & set(old),
        "the workers that were killed are not replaced",
    )

    assert get(site, "/city/berlin/").is_copy


def test_nothing_personal_is_ever_in_a_copy(
    site: LiveSite, member: dict[str, str], postgres: PostgresServer, redis_url: str
) -> None:
    # The page for everyone is made at the request of a member.
    own = get(site, "/event/seen-by-a-member/", **member)
    assert "Log out" in own.text
    assert "csrfmiddlewaretoken" in own.text
    for path in (*PUBLIC, "/accounts/profile/", "/favorites/"):
        get(site, path, **member)
    for path in (*PUBLIC, "/accounts/login/", "/accounts/signup/", "/event/jazz/book/"):
        answer = get(site, path)
        if path in PUBLIC:
            assert "Set-Cookie" not in answer.headers, path

    kept = copies_in_redis(site, redis_url)
    assert {key.partition("last-copy:")[2] for key in kept} == {*PUBLIC, "/event/seen-by-a-member/"}
    for key, text in kept.items():
        assert "Log in" in text, key
        for secret in ("Log out", "Ada", "csrfmiddlewaretoken", member["Cookie"][10:]):
            assert secret not in text, key

    stop(postgres)
    assert get(site, "/favorites/").status == 302
    assert get(site, "/favorites/", **member).status == 503
