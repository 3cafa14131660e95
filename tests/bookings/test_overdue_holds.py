"""Holds that ran out on a site where no worker runs."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from loadtests.client import Answer, Buyer, Told
from loadtests.site import LiveSite
from loadtests.stage import EventOnSale, Sale, Sold, put_on_sale, sold

JOIN = """
from bookings.services.waitlist import join_waitlist
from events.models import TicketType
ticket_type = TicketType.objects.select_related("event", "stock").get(pk={ticket_type})
for name in ("first", "second"):
    join_waitlist(
        ticket_type=ticket_type, quantity=1, name=name, email=f"{{name}}@example.com"
    )
"""

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def events(live_site: LiveSite) -> Iterator[EventOnSale]:
    """Events with one place each, for each test its own."""
    return iter(put_on_sale(live_site, *[Sale([1])] * 5))


@pytest.fixture
def event(events: Iterator[EventOnSale]) -> EventOnSale:
    return next(events)


@pytest.fixture
def hold(live_site: LiveSite, event: EventOnSale) -> Answer:
    """Of someone who took the last place and went away."""
    answer = choose(live_site, event)
    assert answer.told is Told.HELD
    return answer


def choose(site: LiveSite, event: EventOnSale) -> Answer:
    buyer = Buyer(site.url)
    assert buyer.open_booking_page(event.slug).told is Told.PAGE
    answer = buyer.choose(event.slug, {event.ticket_types[0]: 1}, key=uuid.uuid4())
    buyer.close()
    return answer


def let_run_out(site: LiveSite, hold: Answer) -> None:
    with psycopg.connect(site.database_url) as connection:
        connection.execute(
            "UPDATE bookings_booking SET expires_at = now() WHERE reference = %s", [hold.reference]
        )


def rows(site: LiveSite, query: str, *arguments: object) -> list[tuple[object, ...]]:
    with psycopg.connect(site.database_url) as connection:
        return connection.execute(query, arguments).fetchall()


def test_places_of_a_hold_are_not_sold_while_it_lasts(live_site, event, hold):
    assert choose(live_site, event).told is Told.SOLD_OUT


def test_next_buyer_gets_the_places_of_a_hold_that_ran_out(live_site, event, hold):
    let_run_out(live_site, hold)

    assert choose(live_site, event).told is Told.HELD

    assert sold(live_site, event) == [Sold(taken=1, confirmed=0, held=1)]
    status = "SELECT status FROM bookings_booking WHERE reference = %s"
    assert rows(live_site, status, hold.reference) == [("expired",)]


def test_places_of_a_hold_that_ran_out_go_to_the_first_who_waits(live_site, event, hold):
    (ticket_type,) = event.ticket_types
    live_site.manage("shell", "--no-imports", "-c", JOIN.format(ticket_type=ticket_type))
    let_run_out(live_site, hold)

    assert choose(live_site, event).told is Told.SOLD_OUT

    line = "SELECT name, status FROM bookings_waitlistentry WHERE ticket_type_id = %s ORDER BY id"
    assert rows(live_site, line, ticket_type) == [("first", "offered"), ("second", "waiting")]
    assert sold(live_site, event) == [Sold(taken=1, confirmed=0, held=1)]
    mails = """
        SELECT message.recipient
          FROM bookings_message AS message JOIN bookings_waitlistentry AS entry
            ON entry.offer_id = message.booking_id AND message.kind = 'offer'
         WHERE entry.ticket_type_id = %s
    """
    assert rows(live_site, mails, ticket_type) == [("first@example.com",)]
