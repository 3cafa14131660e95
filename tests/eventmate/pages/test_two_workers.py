"""Whatever changes a row that pages show, and however: each worker's next visitor sees it."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from loadtests.site import LiveSite, serving
from tests.eventmate.pages import scene
from tests.eventmate.pages.insider import Insider
from tests.eventmate.pages.visitors import AT_ONCE, Reply, Visitor, each_worker, warm

EVENT, CITY, HOST = "/event/jazz-{}/", "/city/city-{}/", "/host/host-{}/"
SUGGESTED = "/events/suggest/?q=city-{}"
LISTS = ("/", "/events/")


@dataclass(frozen=True)
class Change:
    """On the pages at these paths stands the text ``before`` it and ``after`` it, and not the other
    way round. Where one of them is empty, only the other is looked for.
    """

    make: Callable[[str], None]
    before: str
    after: str
    paths: tuple[str, ...] = (EVENT,)
    status: str = "published"


CHANGES = [
    Change(scene.publish, "", "Jazz {}", (CITY, HOST, *LISTS), status="draft"),
    Change(scene.publish, "", "City {}", (SUGGESTED,), status="draft"),
    Change(scene.give_other_title, "Jazz {}", "Swing {}", (EVENT, CITY, HOST, *LISTS)),
    Change(scene.sell_out, "", "Sold out", (EVENT, "/")),
    Change(scene.cancel, "", "This event was cancelled"),
    Change(scene.cancel, "Jazz {}", "", (CITY, HOST, *LISTS)),
    Change(scene.review, "1 review", "2 reviews", (EVENT, HOST)),
    Change(scene.reply, "", "Come again."),
    Change(scene.raise_price, "€10", "€12", (EVENT, "/events/")),
    Change(scene.hide_type, "Standard", ""),
    Change(scene.add_picture, "", scene.PICTURE, (EVENT, CITY)),
    Change(scene.rename_host, "Host {}", "Club {}", (EVENT, HOST)),
    Change(scene.rename_city, "City {}", "Town {}", (EVENT, CITY, "/events/")),
    Change(scene.rename_reviewer, "Ada{}", "Grace{}"),
    Change(scene.delete, "Jazz {}", "", (CITY, *LISTS)),
]


@dataclass(frozen=True)
class Stage:
    mark: str
    site: LiveSite

    def pages(self, change: Change) -> Iterator[tuple[str, Reply]]:
        """By its path, the next answer of each worker."""
        for _ in each_worker(self.site):
            for path in change.paths:
                yield path, Visitor(self.site).get(path.format(self.mark))

    def says(self, reply: Reply, text: str) -> bool:
        return text.format(self.mark) in reply.html


def set_up(site: LiveSite, insider: Insider, change: Change) -> Stage:
    """The pages that will change are in the memory of all workers."""
    mark = secrets.token_hex(4)
    insider(scene.put_up, mark, change.status)
    warm(site, *(path.format(mark) for path in change.paths))
    return Stage(mark, site)


@contextmanager
def notes_off(database_url: str) -> Iterator[None]:
    """What triggers do where they find a change, they do without writing it down."""
    name = "events_note_changes(text[])"
    with psycopg.connect(database_url, autocommit=True) as connection:
        row = connection.execute("SELECT pg_get_functiondef(%s::regprocedure)", [name]).fetchone()
        assert row
        connection.execute(
            f"CREATE OR REPLACE FUNCTION {name.replace('(', '(tags ')} RETURNS void"
            " LANGUAGE sql AS ''"
        )
        try:
            yield
        finally:
            connection.execute(row[0])


def test_change_that_no_trigger_notes_is_not_seen(
    site: LiveSite, database_url: str, insider: Insider
) -> None:
    change = Change(scene.give_other_title, "Jazz {}", "Swing {}", (EVENT, *LISTS))
    stage = set_up(site, insider, change)
    with notes_off(database_url):
        insider(change.make, stage.mark)
    time.sleep(AT_ONCE)

    for path, reply in stage.pages(change):
        assert reply.is_from_memory, path
        assert stage.says(reply, change.before), path


@pytest.mark.parametrize(
    "change", CHANGES, ids=lambda change: f"{change.make.__name__}{change.paths[0]}"
)
def test_next_visitor_of_each_worker_sees_a_change(
    site: LiveSite, insider: Insider, change: Change
) -> None:
    stage = set_up(site, insider, change)
    for path, reply in stage.pages(change):
        assert reply.is_from_memory, path
        assert stage.says(reply, change.before), path
        assert not change.after or not stage.says(reply, change.after), path

    insider(change.make, stage.mark)
    time.sleep(AT_ONCE)

    for path, reply in stage.pages(change):
        assert reply.status == 200, path
        assert stage.says(reply, change.after), path
        assert not change.before or not stage.says(reply, change.before), path


def test_event_that_is_deleted_is_gone(site: LiveSite, insider: Insider) -> None:
    change = Change(scene.delete, "", "")
    stage = set_up(site, insider, change)

    insider(change.make, stage.mark)
    time.sleep(AT_ONCE)

    assert [reply.status for _, reply in stage.pages(change)] == [404, 404]


def test_draft_is_there_for_all_once_it_is_published(site: LiveSite, insider: Insider) -> None:
    mark = secrets.token_hex(4)
    insider(scene.put_up, mark, "draft")
    path = EVENT.format(mark)
    assert [Visitor(site).get(path).status for _ in each_worker(site)] == [404, 404]

    insider(scene.publish, mark)
    time.sleep(AT_ONCE)

    assert [Visitor(site).get(path).status for _ in each_worker(site)] == [200, 200]


def test_change_in_a_transaction_that_ends_after_a_later_one_is_not_missed(
    site: LiveSite, database_url: str, insider: Insider
) -> None:
    change = Change(scene.give_other_title, "Jazz {}", "Swing {}", (EVENT,))
    stage = set_up(site, insider, change)
    rename = "UPDATE events_event SET title = %s"
    with psycopg.connect(database_url) as early, psycopg.connect(database_url) as late:
        early.execute(rename, [f"Swing {stage.mark}"])
        late.execute("UPDATE events_review SET text = 'Late words.'")
        late.commit()
        time.sleep(AT_ONCE)
        for _, reply in stage.pages(change):
            assert "Late words." in reply.html
            assert stage.says(reply, change.before)
        early.commit()
    time.sleep(AT_ONCE)

    for _, reply in stage.pages(change):
        assert stage.says(reply, change.after)


def test_workers_without_redis_see_changes_as_well(
    database_url: str, insider: Insider, tmp_path: Path
) -> None:
    change = Change(scene.give_other_title, "Jazz {}", "Swing {}", (EVENT, *LISTS))
    with serving(database_url, tmp_path, more={"REDIS_URL": ""}) as site:
        stage = set_up(site, insider, change)
        insider(change.make, stage.mark)
        time.sleep(AT_ONCE)

        for path, reply in stage.pages(change):
            assert stage.says(reply, change.after), path
