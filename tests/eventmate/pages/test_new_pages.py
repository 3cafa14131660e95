"""While many ask for pages that nobody has seen, others can book."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest

from loadtests.chaos.servers import wait_until
from loadtests.site import LiveSite, serving
from tests.eventmate.pages import scene
from tests.eventmate.pages.insider import Insider
from tests.eventmate.pages.slow_pages import RENDERING, reviews_locked
from tests.eventmate.pages.visitors import Reply, Visitor

# Of the one worker's ten connections: one hears what has changed, and half may make new pages.
POOL = {"DATABASE_POOL_SIZE": "10"}
CONNECTIONS, TURNS = 9, 5
SLUGS = [f"new-{number}" for number in range(CONNECTIONS + 3)]


@dataclass
class Seen:
    booking: Reply
    pages: list[Reply]


@pytest.fixture
def events(insider: Insider) -> None:
    insider(scene.put_up_many, SLUGS, ["host-0"])


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(len(SLUGS)) as threads:
        yield threads


def is_refusal(reply: Reply) -> bool:
    return reply.status == 503 and int(reply.headers["Retry-After"]) > 0


def seen_at(
    site: LiveSite, database_url: str, threads: ThreadPoolExecutor, *, at_once: int
) -> Seen:
    """What who wants to book and who looks at new pages get, where as many pages are being made as
    can be, which takes until some of those who wait have been refused.
    """

    def are_made() -> bool:
        row = looker.execute(RENDERING).fetchone()
        return row is not None and row[0] >= at_once

    # One transaction knows only the connections that were there when it first looked.
    with (
        psycopg.connect(database_url, autocommit=True) as looker,
        reviews_locked(database_url),
    ):
        asked: list[Future[Reply]] = [
            threads.submit(Visitor(site).get, f"/event/{slug}/") for slug in SLUGS
        ]
        wait_until(are_made, "they are not being made")
        booking = Visitor(site).get(f"/event/{SLUGS[0]}/book/")
        wait_until(lambda: any(one.done() for one in asked), "nobody is refused")
    return Seen(booking, [one.result() for one in asked])


def test_without_turns_new_pages_take_all_connections(
    database_url: str,
    events: None,
    threads: ThreadPoolExecutor,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("wide-open")
    application = "loadtests.bench.wide_open"
    with serving(database_url, folder, application=application, workers=1, more=POOL) as site:
        seen = seen_at(site, database_url, threads, at_once=CONNECTIONS)

    assert is_refusal(seen.booking)


def test_new_pages_take_turns_and_leave_connections_to_others(
    database_url: str,
    events: None,
    threads: ThreadPoolExecutor,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("turns")
    with serving(database_url, folder, workers=1, more=POOL) as site:
        seen = seen_at(site, database_url, threads, at_once=TURNS)

    assert seen.booking.status == 200
    made = [reply for reply in seen.pages if reply.status == 200]
    assert len(made) >= TURNS
    assert any(map(is_refusal, seen.pages))
    assert all(reply in made or is_refusal(reply) for reply in seen.pages)
