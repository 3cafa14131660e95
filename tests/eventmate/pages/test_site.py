"""What a worker keeps, and lets go of when it hears of a change."""

import time

import psycopg
import pytest

from eventmate.pages.members import session_tag
from eventmate.pages.page import Page
from eventmate.pages.site import Pages
from tests.eventmate.pages.made import note, page, showing

KEY = "a" * 32

pytestmark = pytest.mark.django_db


def made_now(pages: Pages, address: str, *tags: str) -> Page:
    """Whoever made it knew what was heard by now."""
    made = showing(address, *tags)
    made.snapshot = pages.news.snapshot
    return made


def commit(connection: psycopg.Connection, *tags: str) -> None:
    note(connection, *tags)
    connection.commit()


def test_page_is_outdated_where_what_it_shows_has_changed(
    pages: Pages, other: psycopg.Connection
) -> None:
    jazz, home = made_now(pages, "/event/jazz/", "event:1"), made_now(pages, "/", "list")
    pages.keep(jazz)
    pages.keep(home)

    commit(other, "event:1")
    before = time.monotonic()
    pages.news.catch_up()

    assert (jazz.is_fresh, home.is_fresh) == (False, True)
    assert jazz.outdated_since
    assert jazz.outdated_since < before, "it may have changed at any time since it was last asked"
    assert jazz.can_stand_in


def test_every_page_is_outdated_where_everything_has_changed(
    pages: Pages, other: psycopg.Connection
) -> None:
    jazz, nothing = made_now(pages, "/event/jazz/", "event:1"), made_now(pages, "/about/")
    pages.keep(jazz)
    pages.keep(nothing)
    pages.remember(KEY, 5, {}, pages.news.snapshot)

    commit(other, "everything")
    pages.news.catch_up()

    assert (jazz.is_fresh, nothing.is_fresh) == (False, False)
    assert pages.members.find(KEY) is None


def test_page_whose_event_changed_while_it_was_made_is_made_again(
    pages: Pages, other: psycopg.Connection
) -> None:
    jazz = made_now(pages, "/event/jazz/", "event:1")
    commit(other, "event:1")
    pages.news.catch_up()

    pages.keep(jazz)

    assert not jazz.is_fresh
    assert jazz.can_stand_in


def test_page_that_was_made_after_a_change_is_not_outdated_by_it(
    pages: Pages, other: psycopg.Connection
) -> None:
    commit(other, "event:1")
    pages.news.catch_up()
    jazz = made_now(pages, "/event/jazz/", "event:1")
    pages.keep(jazz)
    pages.news.catch_up()

    assert jazz.is_fresh


@pytest.mark.parametrize("tag", ["user:5", session_tag(KEY)])
def test_member_of_whom_something_changed_meanwhile_is_not_known(
    pages: Pages, other: psycopg.Connection, tag: str
) -> None:
    before = pages.news.snapshot
    pages.remember(KEY, 5, {"favorites": {1}}, before)
    assert pages.members.find(KEY)

    commit(other, tag)
    pages.news.catch_up()
    assert pages.members.find(KEY) is None

    pages.remember(KEY, 5, {"favorites": {1}}, before)
    assert pages.members.find(KEY) is None
    pages.remember(KEY, 5, {"favorites": {1}}, pages.news.snapshot)
    assert pages.members.find(KEY)


def test_page_is_weighed_when_somebody_gets_it(pages: Pages) -> None:
    jazz = page("/event/jazz/", "Jazz. " * 1_000)
    pages.keep(jazz)
    before = pages.store.bytes

    variant = jazz.for_visitor()
    pages.weigh(jazz, variant)
    pages.weigh(jazz, variant)

    assert pages.store.bytes == before + len("Jazz. " * 1_000)
