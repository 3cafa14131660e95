"""While a page is made anew, which may take a while, the others are shown the one before."""

import secrets
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from eventmate.pages.page import STANDS_IN
from eventmate.pages.visitors import JUST_SENT
from loadtests.chaos.servers import wait_until
from loadtests.site import LiveSite
from tests.eventmate.one_worker import only
from tests.eventmate.pages import scene
from tests.eventmate.pages.insider import Insider
from tests.eventmate.pages.slow_pages import RENDERING, reviews_locked
from tests.eventmate.pages.visitors import AT_ONCE, Reply, Visitor


def is_waited_for(connection: psycopg.Connection) -> bool:
    row = connection.execute(RENDERING).fetchone()
    return row is not None and row[0] > 0


@pytest.fixture
def path(insider: Insider) -> str:
    mark = secrets.token_hex(4)
    insider(scene.put_up, mark)
    time.sleep(AT_ONCE)  # no other change is heard of later
    return f"/event/jazz-{mark}/"


def test_page_as_it_was_stands_in_for_a_moment(
    site: LiveSite, database_url: str, insider: Insider, path: str
) -> None:
    def look() -> Reply:
        return Visitor(site).get(path)

    mark = path.removeprefix("/event/jazz-").strip("/")
    with only(site, site.workers()[0]), ThreadPoolExecutor(3) as threads:
        assert [look().is_from_memory for _ in range(2)] == [False, True]
        with reviews_locked(database_url) as connection:
            insider(scene.give_other_title, mark)
            first = threads.submit(Visitor(site, **{JUST_SENT: "1"}).get, path)
            wait_until(lambda: is_waited_for(connection), "nobody makes the page")
            meanwhile = look()
            other = threads.submit(Visitor(site, **{JUST_SENT: "1"}).get, path)
            time.sleep(STANDS_IN)
            later = threads.submit(look)
            time.sleep(AT_ONCE)
            assert not any(one.done() for one in (first, other, later))

        assert f"Jazz {mark}" in meanwhile.html
        for one in (first, other, later):
            assert f"Swing {mark}" in one.result().html


def test_page_that_cannot_be_made_is_tried_again_by_who_waits(
    site: LiveSite, insider: Insider, path: str
) -> None:
    missing = path.replace("jazz-", "nothing-")
    with only(site, site.workers()[0]), ThreadPoolExecutor(4) as threads:
        replies = list(threads.map(lambda _: Visitor(site).get(missing), range(8)))

    assert {reply.status for reply in replies} == {404}
