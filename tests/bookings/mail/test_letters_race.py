"""Letters that are sent at once, by a finger that taps twice or by two of a team."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.exceptions import BookingError
from bookings.models import Message, Notice
from bookings.services.letters import discard_draft, send_letter
from bookings.services.notices import carry_out
from tests.bookings.letters import draft, host_of
from tests.factories import BookingFactory, TicketTypeFactory
from tests.locks import wait_until_someone_waits_for_a_lock

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 6


def at_once(act: Callable[[int], object]) -> None:
    start = threading.Barrier(AT_ONCE, timeout=30)

    def run(number: int) -> None:
        try:
            start.wait()
            act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(run, range(AT_ONCE)))


def booked_event():
    ticket_type = TicketTypeFactory()
    for number in range(3):
        email = f"b{number}@example.com"
        BookingFactory(event=ticket_type.event, tickets=[ticket_type], email=email)
    return ticket_type.event


def test_letter_that_is_sent_many_times_at_once_is_sent_once(visible_jobs):
    letter = draft(booked_event())

    at_once(lambda _: send_letter(letter=letter, by=host_of(letter.event)))

    assert ProcrastinateJob.objects.filter(task_name="bookings.carry_out_notice").count() == 1


def test_letters_that_are_sent_at_once_do_not_pass_the_limit(settings, visible_jobs):
    settings.HOST_MESSAGES_A_DAY = 2
    event = booked_event()
    letters = [draft(event) for _ in range(AT_ONCE)]
    refused = []

    def send(number: int) -> None:
        try:
            send_letter(letter=letters[number], by=host_of(event))
        except BookingError as error:
            refused.append(error.code)

    at_once(send)

    assert Notice.objects.told().count() == 2
    assert len(refused) == AT_ONCE - 2


def test_workers_that_carry_out_one_letter_at_once_write_it_to_each_reader_once(visible_jobs):
    event = booked_event()
    letter = send_letter(letter=draft(event), by=host_of(event))

    at_once(lambda _: carry_out(letter))

    assert Message.objects.filter(notice=letter).count() == 3


def test_draft_that_is_sent_while_it_is_discarded_is_kept(visible_jobs):
    letter = draft(booked_event())

    def discard() -> None:
        try:
            discard_draft(draft=letter)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            send_letter(letter=letter, by=host_of(letter.event))
            discarded = thread.submit(discard)
            wait_until_someone_waits_for_a_lock()
        discarded.result(timeout=30)

    assert Notice.objects.told().get() == letter
