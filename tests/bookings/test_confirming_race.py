"""Confirming a booking while its event is being cancelled, or a question deleted."""

import threading

import pytest
from django.db import connection, transaction

from bookings.exceptions import BookingError, Refusal
from bookings.loading import lock_booking
from bookings.models import Answer, PaymentMethod
from bookings.services.answers import write_answers
from bookings.services.booking import confirm_booking
from bookings.services.questions import remove_question
from events.models import Event, EventStatus
from tests.factories import BookingFactory, HoldFactory, QuestionFactory, TicketTypeFactory
from tests.locks import wait_until_someone_waits_for_a_lock

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


def test_question_that_is_being_answered_is_not_deleted():
    question = QuestionFactory()
    booking = BookingFactory(event=question.event)
    deleted = []

    def remove():
        try:
            deleted.append(remove_question(question=question))
        finally:
            connection.close()

    with transaction.atomic():
        write_answers(booking=booking, answers={question.key(): "Everything"})
        host = threading.Thread(target=remove)
        host.start()
        wait_until_someone_waits_for_a_lock()
    host.join(timeout=30)

    assert deleted == [False]
    assert Answer.objects.get().text == "Everything"


def test_answer_to_a_question_that_is_being_deleted_is_left_out():
    question = QuestionFactory()
    booking = BookingFactory(event=question.event)

    def answer():
        try:
            with transaction.atomic():
                write_answers(booking=booking, answers={question.key(): "Everything"})
        finally:
            connection.close()

    with transaction.atomic():
        remove_question(question=question)
        buyer = threading.Thread(target=answer)
        buyer.start()
        wait_until_someone_waits_for_a_lock()
    buyer.join(timeout=30)

    assert not buyer.is_alive()
    assert not Answer.objects.exists()
