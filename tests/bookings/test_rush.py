"""Fifty clients at once, over HTTP, for fewer places than they want."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest

from loadtests.client import Answer, Buyer, Told
from loadtests.site import LiveSite
from loadtests.stage import EventOnSale, Sale, Sold, put_on_sale, sold

CLIENTS = 50
ATTEMPTS, PLACES = 5_000, 500
USED_UP = "This promo code has been used up"

pytestmark = pytest.mark.timeout(400)

Want = Callable[[EventOnSale, int], Mapping[int, int]]
"""What client number so-and-so wants: ticket types and how many of each, in the order sent."""


@dataclass(frozen=True)
class Events:
    """On sale at a site: for the great rush, with two ticket types, and with a code."""

    great: EventOnSale
    small: EventOnSale
    of_two_types: EventOnSale
    with_code: EventOnSale


def events_at(site: LiveSite) -> Events:
    sales = (Sale([PLACES]), Sale([20]), Sale([40, 40]), Sale([1_000], promo_codes={"LAST": 3}))
    return Events(*put_on_sale(site, *sales))


@pytest.fixture(scope="module")
def events(live_site: LiveSite) -> Iterator[Events]:
    yield events_at(live_site)
    # Other tests wait for mail of theirs, which would come behind that of a thousand buyers.
    with psycopg.connect(live_site.database_url) as connection:
        connection.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'mail'")


@pytest.fixture(scope="module")
def unguarded_events(unguarded_site: LiveSite) -> Events:
    return events_at(unguarded_site)


def one(event: EventOnSale, client: int) -> Mapping[int, int]:
    return {event.ticket_types[0]: 1}


def both(event: EventOnSale, client: int) -> Mapping[int, int]:
    """One of each type: every second client in the opposite order."""
    types = event.ticket_types if client % 2 else reversed(event.ticket_types)
    return dict.fromkeys(types, 1)


def rush(
    site: LiveSite, event: EventOnSale, *, attempts: int, want: Want = one, promo_code: str = ""
) -> list[Answer]:
    """What each of so many attempts was told, by CLIENTS that start at the same moment."""
    start = threading.Barrier(CLIENTS, timeout=60)

    def attempt(client: int) -> list[Answer]:
        buyer = Buyer(site.url)
        assert buyer.open_booking_page(event.slug).told is Told.PAGE
        start.wait()
        quantities = want(event, client)
        answers = [
            buyer.book(event.slug, quantities, name=f"buyer-{client}", promo_code=promo_code)
            for _ in range(attempts // CLIENTS)
        ]
        buyer.close()
        return answers

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [answer for answers in pool.map(attempt, range(CLIENTS)) for answer in answers]


def told(answers: list[Answer]) -> Counter[Told]:
    return Counter(answer.told for answer in answers)


def failures(answers: list[Answer]) -> list[str]:
    """What those were shown who got an error."""
    return [answer.page for answer in answers if answer.told in {Told.FAILED, Told.NOTHING}]


def uses_of_code(site: LiveSite, event: EventOnSale) -> tuple[int, int]:
    """How often its counter says that the code was used, and how often its bookings do."""
    with psycopg.connect(site.database_url) as connection:
        row = connection.execute(
            """
            SELECT code.uses, count(booking.id) FILTER (WHERE booking.status = 'confirmed')
              FROM bookings_promocode AS code
              JOIN events_event AS event ON event.id = code.event_id
              LEFT JOIN bookings_booking AS booking ON booking.promo_code_id = code.id
             WHERE event.slug = %s
             GROUP BY code.id
            """,
            [event.slug],
        ).fetchone()
    assert row
    return row


def test_without_guard_the_same_places_are_sold_again(unguarded_site, unguarded_events):
    answers = rush(unguarded_site, unguarded_events.small, attempts=200)

    (stock,) = sold(unguarded_site, unguarded_events.small)
    assert told(answers)[Told.CONFIRMED] == stock.confirmed > 20
    assert stock.taken != stock.confirmed


def test_5000_attempts_for_500_places_confirm_exactly_500(live_site, events):
    answers = rush(live_site, events.great, attempts=ATTEMPTS)

    expected = {Told.CONFIRMED: PLACES, Told.SOLD_OUT: ATTEMPTS - PLACES}
    assert told(answers) == expected, failures(answers)[:3]
    assert sold(live_site, events.great) == [Sold(taken=PLACES, confirmed=PLACES)]
    assert {answer.status for answer in answers if answer.told is Told.SOLD_OUT} == {409}
    assert len({answer.reference for answer in answers if answer.reference}) == PLACES


def test_without_order_two_types_in_one_booking_are_a_deadlock(unguarded_site, unguarded_events):
    answers = rush(unguarded_site, unguarded_events.of_two_types, attempts=100, want=both)

    assert told(answers)[Told.FAILED] > 0
    assert "deadlock detected" in unguarded_site.log.read_text()


def test_two_types_in_opposite_orders_are_sold_without_a_deadlock(live_site, events):
    answers = rush(live_site, events.of_two_types, attempts=200, want=both)

    assert told(answers) == {Told.CONFIRMED: 40, Told.SOLD_OUT: 160}, failures(answers)[:3]
    assert sold(live_site, events.of_two_types) == [Sold(taken=40, confirmed=40)] * 2


def test_without_guard_the_last_use_of_a_code_is_used_again(unguarded_site, unguarded_events):
    rush(unguarded_site, unguarded_events.with_code, attempts=CLIENTS, promo_code="LAST")

    _, used = uses_of_code(unguarded_site, unguarded_events.with_code)
    assert used > 3


def test_last_use_of_a_code_goes_to_one_of_fifty(live_site, events):
    answers = rush(live_site, events.with_code, attempts=CLIENTS, promo_code="LAST")

    refused = [answer for answer in answers if answer.told is not Told.CONFIRMED]
    assert {answer.status for answer in refused} == {409}
    assert all(USED_UP in answer.page for answer in refused)
    assert len(refused) == CLIENTS - 3
    assert uses_of_code(live_site, events.with_code) == (3, 3)
    assert sold(live_site, events.with_code) == [Sold(taken=3, confirmed=3)]
