"""Who is logged in stays so, and who has logged out stays so, whatever happens to Redis."""

import http.client
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.test import Client

from loadtests.chaos.servers import RedisServer
from loadtests.chaos.stage import MAKE_PERSON, PASSWORD, Person
from loadtests.client import Buyer
from loadtests.site import LiveSite, serving
from tests import factories
from tests.databases import new_database
from tests.eventmate.metrics.scrape import scrape_until
from tests.eventmate.one_worker import only
from tests.eventmate.redis_faults import eventually, on_server, running_redis
from tests.stopwatch import Stopwatch

PROFILE = "/accounts/profile/"
SESSIONS = 1  # the database of Redis
PLAIN = {
    "IGNORE_EXCEPTIONS": True,
    "SOCKET_CONNECT_TIMEOUT": 0.1,
    "SOCKET_TIMEOUT": 0.1,
}


@pytest.fixture
def redis_here(settings: Any, tmp_path: Path, redis_url: str) -> Iterator[RedisServer]:
    """A Redis of this test's own, for the caches of this process."""
    with running_redis(tmp_path) as server:
        settings.CACHES = on_server(settings.CACHES, server)
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[RedisServer]:
    """The live site's."""
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="module")
def site(server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    folder = tmp_path_factory.mktemp("site")
    more = {"REDIS_URL": server.url}
    with new_database() as url, serving(url, folder, workers=2, more=more) as site:
        yield site


def logged_in(client: Client) -> bool:
    return client.get(PROFILE).status_code == HTTPStatus.OK


def member() -> Client:
    client = Client()
    factories.UserFactory(email="ada@example.com")
    client.post("/accounts/login/", {"login": "ada@example.com", "password": factories.PASSWORD})
    assert logged_in(client)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("protected", [False, True])
def test_log_out_while_redis_hangs_stays_a_log_out(
    settings: Any, redis_here: RedisServer, protected: bool
) -> None:
    if not protected:
        settings.CACHES["sessions"] |= {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": f"{redis_here.url}?db={SESSIONS}&client_name=plain",
            "OPTIONS": PLAIN,
        }
    here = member()
    cookies = here.cookies.copy()
    assert logged_in_with(cookies)
    redis_here.hang()
    assert here.post("/accounts/logout/").status_code == HTTPStatus.FOUND
    redis_here.resume()

    if protected:
        assert not logged_in_with(cookies)
        assert eventually(lambda: is_trusted("sessions"))
    assert logged_in_with(cookies) is not protected


def logged_in_with(cookies: SimpleCookie) -> bool:
    """Asked by a browser of its own: it would forget a cookie that is refused."""
    client = Client()
    client.cookies = cookies.copy()
    return logged_in(client)


def is_trusted(alias: str) -> bool:
    caches[alias].set("trusted", 1)
    return caches[alias].get("trusted") == 1


@pytest.mark.django_db
def test_password_changed_while_redis_hangs_ends_other_sessions(redis_here: RedisServer) -> None:
    here, elsewhere = member(), Client()
    elsewhere.post("/accounts/login/", {"login": "ada@example.com", "password": factories.PASSWORD})
    assert logged_in(elsewhere)
    redis_here.hang()
    new = "a horse of another colour"
    form = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", form).status_code == HTTPStatus.FOUND
    redis_here.resume()
    assert eventually(lambda: is_trusted("sessions"))

    assert logged_in(here)
    assert not logged_in(elsewhere)


@pytest.mark.django_db
def test_session_is_read_from_postgresql_again_after_five_minutes(redis_here: RedisServer) -> None:
    """That bounds what a process that was killed could not make good."""
    member()

    with redis_here.connect(SESSIONS) as operator:
        key = f"*{Session.objects.get().session_key}"
        (entry,) = operator.keys(key)
        assert 0 < operator.pttl(entry) <= 300_000


@pytest.fixture(scope="module")
def emails(site: LiveSite) -> list[str]:
    """Of two people with accounts."""
    emails = [f"{uuid4().hex[:10]}@example.com" for _ in range(2)]
    scripts = [MAKE_PERSON.format(email=email, password=PASSWORD) for email in emails]
    site.manage("shell", "--no-imports", "-c", "\n".join(scripts))
    return emails


@pytest.fixture
def people(site: LiveSite, emails: list[str]) -> Iterator[list[Person]]:
    people = [Person(email, Buyer(site.url)) for email in emails]
    yield people
    for person in people:
        person.buyer.close()


def logged_in_cookies(person: Person) -> str:
    assert person.log_in()
    return person.cookies


def status(site: LiveSite, path: str, cookies: str) -> int:
    """Of the answer on a new connection, to one worker or the other."""
    address = urlsplit(site.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    try:
        connection.request("GET", path, headers={"Cookie": cookies})
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def lets_in(site: LiveSite, cookies: str) -> list[bool]:
    return [status(site, PROFILE, cookies) == HTTPStatus.OK for _ in range(10)]


@contextmanager
def visitors(site: LiveSite, cookies: str) -> Iterator[list[int]]:
    """Six who look at pages all the time; the statuses of what they were answered."""
    statuses: list[int] = []
    over = threading.Event()

    def visit() -> None:
        while not over.is_set():
            statuses.extend(status(site, path, cookies) for path in ("/", "/events/", PROFILE))

    with ThreadPoolExecutor(6) as threads:
        visits = [threads.submit(visit) for _ in range(6)]
        try:
            yield statuses
        finally:
            over.set()
    for done in visits:
        done.result()


def test_redis_killed_under_load_is_not_noticed(
    site: LiveSite, people: list[Person], server: RedisServer
) -> None:
    ada, grace = people
    with visitors(site, logged_in_cookies(ada)) as statuses:
        time.sleep(0.5)
        server.kill()
        before = len(statuses)
        assert grace.log_in()
        assert all(lets_in(site, grace.cookies))
        meanwhile = len(statuses) - before
        server.start()
        with Stopwatch() as watch, server.connect(SESSIONS) as operator:
            assert eventually(lambda: bool(operator.keys("*cached_db*")))
        assert watch.seconds < 3 + 1
        assert all(lets_in(site, grace.cookies))

    assert meanwhile > 10
    assert set(statuses) == {HTTPStatus.OK}


def test_log_out_at_one_worker_reaches_all_once_redis_answers(
    site: LiveSite, people: list[Person], server: RedisServer
) -> None:
    ada = people[0]
    before = logged_in_cookies(ada)
    assert all(workers_let_in(site, before))
    noticing = site.workers()[0]
    with only(site, noticing):
        server.hang()
        assert ada.log_out()
    server.resume()

    # A worker that did not notice believes Redis until the one that did has made it good.
    assert eventually(lambda: not any(workers_let_in(site, before)))
    scrape_until(site.url, lambda values: not values["eventmate_cache_breakers_open,sessions"])
    assert not any(workers_let_in(site, before))


def workers_let_in(site: LiveSite, cookies: str) -> list[bool]:
    """What each worker says. Of some requests in a row, all may come to one of them."""
    answers = []
    for worker in site.workers():
        with only(site, worker):
            answers.append(status(site, PROFILE, cookies) == HTTPStatus.OK)
    return answers
