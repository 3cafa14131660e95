"""`python -m loadtests.crash`: kill web workers while clients book, and look for what was lost.

A private PostgreSQL and Redis, Gunicorn as in production, and clients that write each form and each
answer into a ledger. At the end the ledger is compared with the database, both ways.
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from loadtests.client import Told
from loadtests.clients import Clients
from loadtests.ledger import Ledger, Row, Story, compare, outcomes, stories_of
from loadtests.site import LiveSite, private_site
from loadtests.stage import EventOnSale, Sale, put_on_sale

# The first sells out on the way, the second never.
PLACES = (200, 1_000_000)
ANSWERS = (10, 120)
"""Between two kills: the least and the most."""
BAD_LUCK = 10
"""Times as many kills as were asked for."""
PATIENCE = 90.0
"""Seconds that Gunicorn has to start workers, and the clients to get their answers."""

BOOKINGS = """
    SELECT booking.idempotency_key::text, booking.reference, booking.status, booking.name,
           coalesce(tickets.quantities, '{}'),
           (SELECT count(*) FROM bookings_message AS message
             WHERE message.booking_id = booking.id AND message.kind = 'confirmation')
      FROM bookings_booking AS booking
      JOIN events_event AS event ON event.id = booking.event_id
      LEFT JOIN LATERAL (
           SELECT json_object_agg(ticket_type_id, number) AS quantities
             FROM (SELECT ticket_type_id, count(*) AS number FROM bookings_ticket
                    WHERE booking_id = booking.id GROUP BY ticket_type_id) AS counted
           ) AS tickets ON true
     WHERE event.slug = %s
"""

STRAYS = """
    SELECT ticket.code
      FROM bookings_ticket AS ticket
      LEFT JOIN bookings_booking AS booking ON booking.id = ticket.booking_id
     WHERE booking.id IS NULL AND ticket.ticket_type_id = ANY(%s)
"""

COUNTERS = """
    SELECT stock.ticket_type_id, stock.taken, count(booking.id)
      FROM events_ticketstock AS stock
      LEFT JOIN bookings_ticket AS ticket ON ticket.ticket_type_id = stock.ticket_type_id
      LEFT JOIN bookings_booking AS booking
        ON booking.id = ticket.booking_id AND booking.status IN ('pending', 'confirmed')
     WHERE stock.ticket_type_id = ANY(%s)
     GROUP BY stock.ticket_type_id
    HAVING stock.taken <> count(booking.id)
"""


@dataclass(frozen=True, slots=True)
class Attack:
    """What the clients wanted and were told, on which event, and what was done to the workers."""

    event: EventOnSale
    stories: dict[str, Story]
    killed: int


def attack(site: LiveSite, ledger: Ledger, *, kills: int, clients: int) -> Attack:
    """Let clients book while at least ``kills`` random workers are killed, and wait for the last
    answers. It goes on until a client has lost an answer, for so long as that is only bad luck:
    nobody may have been talking to those that were killed.
    """
    (event,) = put_on_sale(site, Sale(PLACES))
    busy = Clients(site, event, ledger, count=clients)
    killed = 0
    try:
        wait_for_answers(busy, ledger)
        while killed < kills or (killed < BAD_LUCK * kills and not ledger.lost):
            kill_worker(site)
            killed += 1
            wait_for_answers(busy, ledger)
    finally:
        busy.stop()
    return Attack(event, stories_of(ledger.lines()), killed)


def wait_for_answers(busy: Clients, ledger: Ledger) -> None:
    """Return at a random moment, after which the clients have booked some more."""
    enough = ledger.answers + random.randint(*ANSWERS)
    deadline = time.monotonic() + PATIENCE
    while ledger.answers < enough:
        busy.check()
        if time.monotonic() > deadline:
            raise TimeoutError("The site answers no more.")
        time.sleep(0.01)


def kill_worker(site: LiveSite) -> None:
    """SIGKILL one of the workers that there are, as soon as there is one."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            random.choice(site.workers()).kill()
        except (IndexError, psutil.NoSuchProcess):
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("Gunicorn starts no worker any more.")


def differences(attack: Attack, connection: psycopg.Connection) -> list[str]:
    """What was lost, what came from nowhere, and what counters and rows say unlike each other."""
    rows = [
        Row(key, reference, status, name, {int(pk): n for pk, n in quantities.items()}, mails)
        for key, reference, status, name, quantities, mails in connection.execute(
            BOOKINGS, [attack.event.slug]
        )
    ]
    types = [attack.event.ticket_types]
    return [
        *compare(attack.stories, rows),
        *(f"ticket {code}: it has no booking" for (code,) in connection.execute(STRAYS, types)),
        *(
            f"ticket type {pk}: taken is {taken}, and its tickets are {actual}"
            for pk, taken, actual in connection.execute(COUNTERS, types)
        ),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m loadtests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=10, help="at least; default: %(default)s")
    parser.add_argument("--clients", type=int, default=20, help="default: %(default)s")
    parser.add_argument("--workers", type=int, default=2, help="of Gunicorn; default: %(default)s")
    parser.add_argument("--ledger", type=Path, help="where to write it; default: a new file")
    options = parser.parse_args()
    path = options.ledger or Path(tempfile.mkdtemp(prefix="eventmate-crash-")) / "ledger.jsonl"
    ledger = Ledger(path)
    with private_site(workers=options.workers) as site:
        done = attack(site, ledger, kills=options.kills, clients=options.clients)
        with psycopg.connect(site.database_url) as connection:
            found = differences(done, connection)
        report(done, found, path)
        say(site.manage("verify_inventory").strip())
    return 1 if found else 0


def report(done: Attack, found: list[str], path: Path) -> None:
    told = outcomes(done.stories)
    lost = sum(story.answers.count(Told.NOTHING) for story in done.stories.values())
    say(f"{done.killed} workers killed while {len(done.stories)} bookings were asked for.")
    say(f"Told at last: {', '.join(f'{number} {what}' for what, number in told.most_common())}.")
    say(f"Answers that were lost, and asked for again: {lost}.")
    for difference in found:
        say(difference)
    say(f"{len(found)} differences between the ledger ({path}) and the database.")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
