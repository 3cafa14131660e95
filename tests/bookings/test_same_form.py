"""A form that is sent more than once, over HTTP: one booking, and the same answer each time."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from loadtests.client import Answer, Buyer, Told, booking_path, choice_form, details_form
from loadtests.site import LiveSite
from loadtests.stage import EventOnSale, Sale, Sold, put_on_sale, sold
from tests.locks import WAITING

COPIES, ROUNDS = 4, 5
LONGEST_WAIT = 30.0
REUSED = "This form was sent before, with another choice"

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def events(live_site: LiveSite) -> Iterator[EventOnSale]:
    """Events with one place each, for each test its own."""
    return iter(put_on_sale(live_site, *[Sale([1])] * 20))


@pytest.fixture
def last_place(events: Iterator[EventOnSale]) -> EventOnSale:
    return next(events)


@pytest.fixture
def buyer(live_site: LiveSite, last_place: EventOnSale) -> Iterator[Buyer]:
    made = ready_buyer(live_site, last_place)
    yield made
    made.close()


@pytest.fixture
def connection(live_site: LiveSite) -> Iterator[psycopg.Connection]:
    with psycopg.connect(live_site.database_url, autocommit=True) as opened:
        yield opened


def ready_buyer(site: LiveSite, event: EventOnSale) -> Buyer:
    buyer = Buyer(site.url)
    assert buyer.open_booking_page(event.slug).told is Told.PAGE
    return buyer


def choose(buyer: Buyer, event: EventOnSale, key: uuid.UUID) -> Answer:
    return buyer.choose(event.slug, {event.ticket_types[0]: 1}, key=key)


def all_at_once(
    site: LiveSite, event: EventOnSale, send: Callable[[Buyer], Answer]
) -> list[Answer]:
    """What each of COPIES clients is told, who send at the same moment."""
    start = threading.Barrier(COPIES, timeout=LONGEST_WAIT)

    def send_when_all_are_ready(_: int) -> Answer:
        buyer = ready_buyer(site, event)
        start.wait()
        answer = send(buyer)
        buyer.close()
        return answer

    with ThreadPoolExecutor(COPIES) as pool:
        return list(pool.map(send_when_all_are_ready, range(COPIES)))


def choose_all_at_once(site: LiveSite, event: EventOnSale) -> list[Answer]:
    """The same with one form, with a key of its own."""
    key = uuid.uuid4()
    return all_at_once(site, event, lambda buyer: choose(buyer, event, key))


def kill_workers(site: LiveSite) -> None:
    for worker in site.workers():
        worker.kill()
        worker.wait(LONGEST_WAIT)


def bookings_with(connection: psycopg.Connection, key: uuid.UUID) -> list[str]:
    rows = connection.execute(
        "SELECT reference FROM bookings_booking WHERE idempotency_key = %s", [key]
    )
    return [reference for (reference,) in rows]


def waits_for_a_lock(site: LiveSite) -> bool:
    """Whether some request of the site waits in PostgreSQL. What one transaction sees of that
    does not change, so each look is a connection of its own.
    """
    with psycopg.connect(site.database_url) as connection:
        row = connection.execute(WAITING).fetchone()
    return bool(row and row[0])


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + LONGEST_WAIT
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_without_guard_one_form_sent_four_times_at_once_makes_several_bookings(unguarded_site):
    (event,) = put_on_sale(unguarded_site, Sale([100]))
    references = set()

    for _ in range(ROUNDS):
        answers = choose_all_at_once(unguarded_site, event)
        references |= {answer.reference for answer in answers if answer.reference}

    assert len(references) > ROUNDS


def test_last_place_asked_for_four_times_at_once_is_one_hold_and_one_answer(live_site, events):
    for event in [next(events) for _ in range(ROUNDS)]:
        answers = choose_all_at_once(live_site, event)

        assert {answer.told for answer in answers} == {Told.HELD}
        assert len({answer.location for answer in answers}) == 1
        assert sold(live_site, event) == [Sold(taken=1, confirmed=0, held=1)]


def test_details_sent_four_times_at_once_confirm_once(live_site, last_place, buyer, connection):
    hold = choose(buyer, last_place, uuid.uuid4())

    answers = all_at_once(
        live_site, last_place, lambda buyer: buyer.give_details(hold.location, name="ada")
    )

    assert {answer.told for answer in answers} == {Told.CONFIRMED}
    assert len({answer.location for answer in answers}) == 1
    assert sold(live_site, last_place) == [Sold(taken=1, confirmed=1)]
    told = connection.execute(
        """
        SELECT count(DISTINCT message.id), count(DISTINCT change.id)
          FROM bookings_booking AS booking
          JOIN bookings_message AS message ON message.booking_id = booking.id
          JOIN bookings_bookingchange AS change ON change.booking_id = booking.id
         WHERE booking.reference = %s AND message.kind = 'confirmation'
           AND change.after = 'confirmed'
        """,
        [hold.reference],
    ).fetchone()
    assert told == (1, 1)


def test_choice_whose_reply_was_lost_is_answered_as_before(
    live_site, last_place, buyer, connection
):
    key = uuid.uuid4()
    form = choice_form({last_place.ticket_types[0]: 1}, key)

    buyer.send_and_hang_up(booking_path(last_place.slug), form)
    wait_for(lambda: bookings_with(connection, key))
    again = buyer.post(booking_path(last_place.slug), form)

    assert again.told is Told.HELD
    assert bookings_with(connection, key) == [again.reference]
    assert sold(live_site, last_place) == [Sold(taken=1, confirmed=0, held=1)]


def test_last_place_booked_with_its_reply_lost_leads_to_the_confirmation(
    live_site, last_place, buyer
):
    key = uuid.uuid4()
    hold = choose(buyer, last_place, key)
    buyer.send_and_hang_up(hold.location, details_form("ada"))
    wait_for(lambda: sold(live_site, last_place) == [Sold(taken=1, confirmed=1)])

    details_again = buyer.give_details(hold.location, name="ada")
    choice_again = choose(buyer, last_place, key)

    assert details_again.told is Told.CONFIRMED
    assert choice_again.reference == details_again.reference == hold.reference
    page = buyer.follow(choice_again)
    assert page.told is Told.PAGE
    assert f"{hold.reference}</strong> is confirmed" in page.page
    assert sold(live_site, last_place) == [Sold(taken=1, confirmed=1)]
    stranger = choose(buyer, last_place, uuid.uuid4())
    assert stranger.told is Told.SOLD_OUT


def test_choice_sent_again_after_its_worker_was_killed_is_the_same_booking(
    live_site, last_place, buyer, connection
):
    key = uuid.uuid4()
    before = choose(buyer, last_place, key)

    kill_workers(live_site)
    live_site.wait_until_live()
    buyer.close()
    after = choose(buyer, last_place, key)

    assert after.told is before.told is Told.HELD
    assert bookings_with(connection, key) == [before.reference] == [after.reference]


def test_worker_killed_in_the_middle_of_booking_leaves_nothing_half_done(
    live_site, last_place, buyer, connection
):
    key, (ticket_type,) = uuid.uuid4(), last_place.ticket_types
    with ThreadPoolExecutor(1) as pool:
        with connection.transaction():
            connection.execute(
                "SELECT 1 FROM events_ticketstock WHERE ticket_type_id = %s FOR UPDATE",
                [ticket_type],
            )
            lost = pool.submit(choose, buyer, last_place, key)
            wait_for(lambda: waits_for_a_lock(live_site))
            kill_workers(live_site)
        assert lost.result().told is Told.NOTHING

    live_site.wait_until_live()
    again = choose(buyer, last_place, key)

    assert again.told is Told.HELD
    assert bookings_with(connection, key) == [again.reference]
    assert sold(live_site, last_place) == [Sold(taken=1, confirmed=0, held=1)]


def test_same_key_with_another_choice_is_refused_with_the_reason(last_place, buyer):
    key, (ticket_type,) = uuid.uuid4(), last_place.ticket_types
    first = choose(buyer, last_place, key)

    other = buyer.choose(last_place.slug, {ticket_type: 2}, key=key)

    assert first.told is Told.HELD
    assert other.status == 409
    assert REUSED in other.page
    assert choose(buyer, last_place, key).reference == first.reference
