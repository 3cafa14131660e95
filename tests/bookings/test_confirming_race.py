"""Confirming a booking while its event is being cancelled."""

import threading

import pytest
from django.db import connection, transaction

from bookings.exceptions import BookingError, Refusal
from bookings.models import PaymentMethod
from bookings.services.booking import confirm_booking, lock_booking
from events.models import Event, EventStatus
from tests.factories import HoldFactory, TicketTypeFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_confirmation_that_waited_for_the_booking_sees_the_event_as_it_is_by_then():
    ticket_type = TicketTypeFactory()
    hold = HoldFactory(event=ticket_type.event, tickets=[ticket_type])
    refused = []

    def confirm():
        try:
            confirm_booking(
                booking=hold,
                name="Ada",
                email="ada@example.com",
                attendee_names={},
                payment_method=PaymentMethod.FREE,
            )
        except BookingError as error:
            refused.append(error.code)
        finally:
            connection.close()

    with transaction.atomic():
        lock_booking(hold)
        buyer = threading.Thread(target=confirm)
        buyer.start()
        wait_until_someone_waits_for_a_lock()
        Event.objects.update(status=EventStatus.CANCELLED)
    buyer.join(timeout=30)

    assert refused == [Refusal.EVENT_CANCELLED]


def wait_until_someone_waits_for_a_lock():
    with connection.cursor() as cursor:
        for _ in range(600):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_stat_clear_snapshot(), pg_sleep(0.05)")
    raise AssertionError("nobody waits for the lock")
