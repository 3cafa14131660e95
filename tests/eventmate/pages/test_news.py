"""What a worker hears of changes, from the database that tells of them."""

import socket
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connections

from eventmate.pages import news as module
from eventmate.pages.news import EVERYTHING, INTERVAL, PAUSE, News
from eventmate.pages.registry import REGISTRY, Changes
from tests.eventmate.pages.made import note
from tests.new_process import output_of

pytestmark = pytest.mark.django_db


class Ear:
    """What was heard, each time."""

    def __init__(self) -> None:
        self.heard: list[set[str]] = []

    def __call__(self, changes: Changes, after: float) -> None:
        self.heard.append({tag for _transaction, tag in changes})


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def news(ear: Ear, database: str) -> Iterator[News]:
    news = News(ear)
    yield news
    news._give_up()


def test_each_change_is_heard_once(news: News, ear: Ear, other: psycopg.Connection) -> None:
    note(other, "event:0")
    other.commit()
    news.catch_up()
    note(other, "event:1", "list")
    other.commit()
    news.catch_up()
    news.catch_up()

    assert ear.heard == [set(), {"event:1", "list"}, set()]


def test_change_that_commits_after_a_later_one_is_heard(
    news: News, ear: Ear, other: psycopg.Connection, database: str
) -> None:
    news.catch_up()
    note(other, "early")
    with psycopg.connect(database) as late:
        note(late, "late")
    news.catch_up()
    between = news.snapshot
    other.commit()
    news.catch_up()

    assert ear.heard == [set(), {"late"}, {"early"}]
    assert news.has_changed({"early"}, between)
    assert not news.has_changed({"late"}, between)


def test_nobody_asks_again_for_a_moment(
    news: News, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert news.is_current()
    assert news.is_current()
    assert len(ear.heard) == 1

    monkeypatch.setattr(module, "INTERVAL", -1)
    assert news.is_current()
    assert len(ear.heard) == 2


def test_what_changed_is_told_for_each_snapshot(news: News, other: psycopg.Connection) -> None:
    news.catch_up()
    first = news.snapshot
    note(other, "event:1")
    other.commit()
    news.catch_up()
    second = news.snapshot
    note(other, "event:2")
    other.commit()
    news.catch_up()

    assert news.has_changed({"event:1"}, first)
    assert not news.has_changed({"event:1"}, second)
    assert news.has_changed({"event:1", "event:2"}, second)
    assert not news.has_changed({"event:1", "event:2"}, news.snapshot)


def test_everything_changes_what_shows_anything(news: News, other: psycopg.Connection) -> None:
    news.catch_up()
    before = news.snapshot
    note(other, EVERYTHING)
    other.commit()
    news.catch_up()

    assert news.has_changed({"event:1"}, before)
    assert not news.has_changed({"event:1"}, news.snapshot)


def test_anything_may_have_changed_since_before_what_is_remembered(
    news: News, other: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    news.catch_up()
    before = news.snapshot
    monkeypatch.setattr(module, "REMEMBERED", -1)
    for _ in range(2):
        note(other, "event:1")
        other.commit()
        news.catch_up()

    assert news.has_changed({"event:2"}, before)
    assert not news.has_changed({"event:2"}, news.snapshot)


@pytest.mark.parametrize("of_page", ["100:100:", "90:90:", "40:40:"])
def test_all_that_another_server_told_is_outdated(
    ear: Ear, database: str, monkeypatch: pytest.MonkeyPatch, of_page: str
) -> None:
    """It has counted fewer transactions: it is a copy of an earlier time."""
    told = iter([("80:80:", []), ("100:100:", []), ("50:50:", []), ("60:60:", [(55, "list")])])
    monkeypatch.setattr(REGISTRY, "changes_since", lambda cursor, seen: next(told))
    news = News(ear)
    news.catch_up()
    news.catch_up()
    assert not news.has_changed({"event:1"}, "100:100:")

    news.catch_up()
    made_now = news.snapshot

    assert ear.heard[-1] == {EVERYTHING}
    assert news.has_changed({"event:1"}, of_page)
    assert not news.has_changed({"event:1"}, made_now)
    news.catch_up()
    assert not news.has_changed({"event:1"}, made_now)
    assert news.has_changed({"list"}, made_now)
    news._give_up()


def test_server_that_is_down_is_an_outage_and_asked_again_after_a_pause(
    news: News, ear: Ear, other: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = connections["default"].settings_dict
    with monkeypatch.context() as outage, socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        outage.setitem(settings, "HOST", "127.0.0.1")
        outage.setitem(settings, "PORT", str(nobody.getsockname()[1]))
        with pytest.raises(OperationalError):
            news.catch_up()
        assert not news.is_current()

    with pytest.raises(OperationalError, match="a moment ago"):
        news.catch_up()
    assert not news.is_current()
    monkeypatch.setattr(module, "PAUSE", -1)
    assert news.is_current()


def test_connection_that_was_cut_since_is_opened_anew(
    news: News, ear: Ear, other: psycopg.Connection
) -> None:
    """As by a restart of PostgreSQL while nobody came: that is no outage for the next visitor."""
    news.catch_up()
    assert news._connection
    other.execute("SELECT pg_terminate_backend(%s, 5000)", [news._connection.info.backend_pid])
    note(other, "event:1")
    other.commit()

    news.catch_up()

    assert ear.heard[-1] == {"event:1"}


HANGING = """
from gevent import monkey; monkey.patch_all()
import socket, time
import django
django.setup()
from django.db import OperationalError, connections
from eventmate.pages.news import News, TRUSTED

silent = socket.socket()
silent.bind(("127.0.0.1", 0))
silent.listen()
settings = connections["default"].settings_dict
settings["HOST"], settings["PORT"] = silent.getsockname()
news = News(lambda changes, after: None)
started = time.monotonic()
try:
    news.catch_up(patience=0.5)
except OperationalError as error:
    print("after a moment" if time.monotonic() - started >= 0.5 else "at once")
    print(error)
print(news.is_current())
"""


def test_server_that_hangs_is_given_up_in_time() -> None:
    assert output_of(HANGING).splitlines() == [
        "after a moment",
        "The database did not answer in 0.5 s.",
        "False",
    ]


def test_a_worker_asks_more_often_than_it_has_to_know() -> None:
    assert INTERVAL < module.TRUSTED < 1
    assert PAUSE < module.PATIENCE
