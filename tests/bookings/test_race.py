"""Fifty buyers at once for ten places, on real connections."""

import datetime as dt
import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from bookings.exceptions import BookingError, Refusal
from bookings.models import Booking, BookingStatus, PaymentMethod, Ticket
from bookings.services.booking import confirm_booking
from bookings.services.holding import hold_places
from events.models import TicketStock
from tests.bookings.unguarded import without_guard
from tests.factories import HoldFactory, TicketTypeFactory

BUYERS, PLACES = 50, 10
CONFIRMED = BookingStatus.CONFIRMED

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ticket_type():
    return TicketTypeFactory(capacity=PLACES)


def places_sold(ticket_type):
    """What the tickets say, to be compared with what the stock says."""
    return Ticket.objects.filter(
        ticket_type=ticket_type, booking__in=Booking.objects.holding_places()
    ).count()


def stock_taken(ticket_type):
    return TicketStock.objects.get(pk=ticket_type.pk).taken


def buy_all_at_once(ticket_type):
    """How many buyers were told what: that they are going, or why not."""
    start = threading.Barrier(BUYERS, timeout=30)

    def buy(number):
        try:
            start.wait()
            booking = hold_places(
                event=ticket_type.event,
                quantities={ticket_type.pk: 1},
                idempotency_key=uuid.uuid4(),
            )
            confirm_booking(
                booking=booking,
                name=f"Buyer {number}",
                email=f"buyer{number}@example.com",
                attendee_names={},
                payment_method=PaymentMethod.FREE,
            )
        except BookingError as error:
            return error.code
        finally:
            connection.close()
        return CONFIRMED

    with ThreadPoolExecutor(BUYERS) as pool:
        return Counter(pool.map(buy, range(BUYERS)))


def test_reading_and_writing_back_sells_the_same_places_again(ticket_type, monkeypatch):
    without_guard(monkeypatch, claims=BUYERS)

    told = buy_all_at_once(ticket_type)

    assert told[CONFIRMED] > PLACES
    assert places_sold(ticket_type) > PLACES
    assert stock_taken(ticket_type) != places_sold(ticket_type)


def test_conditional_update_sells_every_place_once(ticket_type):
    told = buy_all_at_once(ticket_type)

    assert told == {CONFIRMED: PLACES, Refusal.SOLD_OUT: BUYERS - PLACES}
    assert Booking.objects.confirmed().count() == PLACES
    assert stock_taken(ticket_type) == places_sold(ticket_type) == PLACES


def test_places_of_holds_that_ran_out_are_all_sold_again(ticket_type):
    HoldFactory(
        event=ticket_type.event,
        tickets=[ticket_type] * PLACES,
        expires_at=timezone.now() - dt.timedelta(seconds=1),
    )

    told = buy_all_at_once(ticket_type)

    assert told == {CONFIRMED: PLACES, Refusal.SOLD_OUT: BUYERS - PLACES}
    assert stock_taken(ticket_type) == places_sold(ticket_type) == PLACES


def test_one_key_sent_many_times_at_once_makes_one_booking(ticket_type):
    key, start = uuid.uuid4(), threading.Barrier(BUYERS, timeout=30)

    def send(_):
        try:
            start.wait()
            return hold_places(
                event=ticket_type.event, quantities={ticket_type.pk: 1}, idempotency_key=key
            ).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(BUYERS) as pool:
        references = set(pool.map(send, range(BUYERS)))

    assert len(references) == 1
    assert stock_taken(ticket_type) == places_sold(ticket_type) == 1


def test_choices_in_opposite_orders_do_not_block_each_other(ticket_type):
    other = TicketTypeFactory(event=ticket_type.event, capacity=PLACES)
    start = threading.Barrier(BUYERS, timeout=30)

    def buy(number):
        order = [ticket_type.pk, other.pk] if number % 2 else [other.pk, ticket_type.pk]
        try:
            start.wait()
            hold_places(
                event=ticket_type.event,
                quantities=dict.fromkeys(order, 1),
                idempotency_key=uuid.uuid4(),
            )
        except BookingError as error:
            return error.code
        finally:
            connection.close()
        return CONFIRMED

    with ThreadPoolExecutor(BUYERS) as pool:
        told = Counter(pool.map(buy, range(BUYERS)))

    assert told == {CONFIRMED: PLACES, Refusal.SOLD_OUT: BUYERS - PLACES}
    for sold in (ticket_type, other):
        assert stock_taken(sold) == places_sold(sold) == PLACES
