"""Workers killed while clients book: in short what `python -m loadtests.crash` does."""

from collections.abc import Iterator

import psycopg
import pytest

from loadtests.client import Told
from loadtests.crash import Attack, attack, differences
from loadtests.ledger import Ledger
from loadtests.site import LiveSite

KILLS, CLIENTS = 3, 6

# As if no constraint and no trigger were there.
UNCHECKED = "SET LOCAL session_replication_role = replica"
LOSE = """
    WITH lost AS (DELETE FROM bookings_ticket WHERE booking_id = %(id)s)
    DELETE FROM bookings_booking WHERE id = %(id)s
"""
FORGET_TICKETS = "DELETE FROM bookings_ticket WHERE booking_id = %(id)s"
INVENT = """
    UPDATE bookings_booking SET idempotency_key = gen_random_uuid() WHERE id = %(id)s
"""
UNCONFIRM = "UPDATE bookings_booking SET status = 'pending' WHERE id = %(id)s"
RENAME = "UPDATE bookings_booking SET name = 'Someone else' WHERE id = %(id)s"
MIX_UP = "UPDATE bookings_booking SET reference = 'OTHERREF' WHERE id = %(id)s"
FORGET_MAIL = "DELETE FROM bookings_message WHERE booking_id = %(id)s"
STRAY = "DELETE FROM bookings_booking WHERE id = %(id)s"
MISCOUNT = "UPDATE events_ticketstock SET taken = taken + 1 WHERE ticket_type_id = %(type)s"

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def done(live_site: LiveSite, tmp_path_factory: pytest.TempPathFactory) -> Attack:
    ledger = Ledger(tmp_path_factory.mktemp("crash") / "ledger.jsonl")
    try:
        return attack(live_site, ledger, kills=KILLS, clients=CLIENTS)
    finally:
        ledger.close()


@pytest.fixture
def connection(live_site: LiveSite) -> Iterator[psycopg.Connection]:
    """Whatever a test does with it is undone."""
    with psycopg.connect(live_site.database_url) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def confirmed(done: Attack, connection: psycopg.Connection) -> dict[str, object]:
    """A booking that a client was told is confirmed."""
    key = next(key for key, story in done.stories.items() if story.was_confirmed)
    row = connection.execute(
        "SELECT id, reference FROM bookings_booking WHERE idempotency_key = %s", [key]
    ).fetchone()
    assert row
    return {"id": row[0], "reference": row[1], "type": done.event.ticket_types[1]}


def test_nothing_that_was_told_is_lost_and_nothing_is_there_that_was_not_asked_for(
    live_site: LiveSite, done: Attack, connection: psycopg.Connection
) -> None:
    answers = [answer for story in done.stories.values() for answer in story.answers]

    assert Told.NOTHING in answers
    assert {story.answers[-1] for story in done.stories.values()} <= {
        Told.HELD,
        Told.CONFIRMED,
        Told.SOLD_OUT,
    }
    assert differences(done, connection) == []
    assert live_site.manage("verify_inventory") == "Every counter is what the rows say.\n"


@pytest.mark.parametrize(
    ("sabotage", "named"),
    [
        (LOSE, "{reference}: told confirmed, and there is no booking with key"),
        (INVENT, "{reference}: told confirmed, and there is no booking with key"),
        (INVENT, "{reference}: nobody asked for it"),
        (UNCONFIRM, "{reference}: told confirmed, and is pending"),
        (RENAME, "{reference}: confirmed as 'Someone else', and the client sent 'client-"),
        (MIX_UP, "{reference}: told of with key"),
        (FORGET_TICKETS, "{reference}: asked for"),
        (FORGET_MAIL, "{reference}: is confirmed, with 0 mails that confirm it"),
        (STRAY, "it has no booking"),
        (MISCOUNT, "ticket type {type}: taken is"),
    ],
)
def test_what_is_wrong_is_named(
    done: Attack,
    connection: psycopg.Connection,
    confirmed: dict[str, object],
    sabotage: str,
    named: str,
) -> None:
    connection.execute(UNCHECKED)
    connection.execute(sabotage, confirmed)

    assert named.format(**confirmed) in "\n".join(differences(done, connection))
