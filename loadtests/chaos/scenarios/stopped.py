"""SIGTERM, which a deployment sends, while people's bookings wait for a row that is locked."""

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import psutil

from loadtests.chaos.scenario import Scale, Verdict, at_most, none, scenario, true
from loadtests.chaos.scenarios.reloaded import GRACE, SETTING
from loadtests.chaos.servers import wait_until
from loadtests.chaos.stage import Stage
from loadtests.client import Answer, Buyer, Told
from loadtests.stage import EventOnSale, Sale, put_on_sale

EVENTS = 4
BUYERS = 16
TOLD = 1.0
"""Seconds in which both workers are told."""
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
LOCK = "SELECT 1 FROM events_ticketstock WHERE ticket_type_id = ANY(%s) FOR UPDATE"
BOOKED = "SELECT reference FROM bookings_booking WHERE status = 'pending'"


@scenario("stopped", setting=SETTING)
def stopped(stage: Stage, scale: Scale) -> Iterator[Verdict]:
    events = put_on_sale(stage.site, *[Sale([1000])] * EVENTS)
    buyers = [Buyer(stage.site.url) for _ in range(BUYERS)]
    for number, buyer in enumerate(buyers):
        assert buyer.open_booking_page(events[number % EVENTS].slug).told is Told.PAGE
    with ThreadPoolExecutor(BUYERS) as pool:
        with locked(stage, events):
            booking = [
                pool.submit(book, buyer, events[number % EVENTS])
                for number, buyer in enumerate(buyers)
            ]
            in_flight = all_wait(stage, booking)
            psutil.Process(stage.site.web.pid).terminate()
            start = time.monotonic()
            time.sleep(TOLD)
            assert not any(one.done() for one in booking), "an answer came before the lock went"
        answers = [one.result() for one in booking]
    wait_until(lambda: not stage.site.web.running, "Gunicorn was told to stop, and runs")
    took, exit_code = time.monotonic() - start, stage.site.web.exit_code
    stage.site.web.start()
    stage.site.wait_until_live()
    references = {row[0] for row in stage.query(BOOKED)}
    told = [answer for answer in answers if answer.told is Told.HELD]
    yield true("requests are in flight when it is told", in_flight == BUYERS, in_flight)
    yield none("each of them is answered", (one for one in answers if one.told is not Told.HELD))
    yield true("what they were told is so", {one.reference for one in told} <= references)
    yield true("it ends by itself", exit_code == 0, f"exit code {exit_code}")
    yield at_most("it ends in its time", took, GRACE, " s")


def book(buyer: Buyer, event: EventOnSale) -> Answer:
    answer = buyer.choose(event.slug, {event.ticket_types[0]: 1}, key=uuid.uuid4())
    buyer.close()
    return answer


@contextmanager
def locked(stage: Stage, events: list[EventOnSale]) -> Iterator[None]:
    """No place of theirs can be taken in the block."""
    types = [pk for event in events for pk in event.ticket_types]
    with stage.postgres.connect() as connection, connection.transaction():
        connection.execute(LOCK, [types])
        yield


def all_wait(stage: Stage, booking: list[Future[Answer]]) -> int:
    """Return how many requests wait once their connections to PostgreSQL do."""
    wait_until(lambda: stage.query(WAITING)[0][0] >= EVENTS, "no booking waits for its row")
    return sum(not one.done() for one in booking)
