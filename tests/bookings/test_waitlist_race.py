"""Offers from the waiting list, made by several processes at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import F

from bookings.services.verification import find_differences
from bookings.services.waitlist import offer_places
from events.models import TicketStock
from tests.bookings.test_waitlist import join, offered
from tests.factories import TicketTypeFactory


@pytest.mark.django_db(transaction=True)
def test_offers_made_at_once_never_exceed_what_is_free():
    ticket_type = TicketTypeFactory(capacity=0)
    entries = [join(ticket_type, f"Person{number}") for number in range(12)]
    TicketStock.objects.filter(pk=ticket_type.pk).update(capacity=F("capacity") + 5)
    start = threading.Barrier(8, timeout=30)

    def offer(_):
        try:
            start.wait()
            return offer_places(ticket_type_ids=[ticket_type.pk])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        made = sum(workers.map(offer, range(8)))

    assert made == 5
    assert offered(*entries) == [1] * 5 + [None] * 7
    assert find_differences() == []
