"""A worker is killed while it writes to everyone."""

import signal

import psycopg
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Booking, Message, MessageKind, MessageState, Notice
from bookings.services.letters import BATCH_SIZE
from events.models import Event
from health.services import resume_stalled_jobs
from tests.bookings.letters import sent
from tests.eventmate.machine import wait_until
from tests.factories import BookingFactory, EventFactory
from tests.job_worker import database_url, forget_dead_workers, running_worker

pytestmark = pytest.mark.timeout(300)

PEOPLE = BATCH_SIZE + 5

BLOCK = """
INSERT INTO bookings_message (
    kind, booking_id, notice_id, recipient, message_id, occasion, state, attempts, error, queued_at
) VALUES (
    'letter', %s, %s, %s, '<in-the-way@example.com>', 'in the way', 'queued', 0, '', now()
)
"""


def with_buyers() -> Event:
    event: Event = EventFactory()
    Booking.objects.bulk_create(
        BookingFactory.build(event=event, email=f"b{number}@example.com")
        for number in range(PEOPLE)
    )
    return event


def written() -> int:
    return Message.objects.filter(kind=MessageKind.LETTER).count()


def is_done() -> bool:
    return not ProcrastinateJob.objects.filter(
        task_name__in=["bookings.carry_out_notice", "bookings.send_message"]
    ).exists()


def test_worker_killed_in_the_middle_sends_nobody_twice_and_forgets_nobody(
    visible_jobs, mail_server, tmp_path
):
    letter = sent(with_buyers())
    last = Booking.objects.latest("pk")
    with psycopg.connect(database_url()) as other:
        # What the second batch has to wait for.
        other.execute(BLOCK, [last.pk, letter.pk, last.email])
        with running_worker(tmp_path, mail=mail_server.url, queues="default,mail") as worker:
            wait_until(lambda: written() == BATCH_SIZE)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        other.rollback()
    assert written() == BATCH_SIZE

    forget_dead_workers()
    resume_stalled_jobs()
    with running_worker(tmp_path, mail=mail_server.url, queues="default,mail"):
        wait_until(lambda: Notice.objects.get().finished_at is not None)
        wait_until(is_done)

    assert {row.state for row in Message.objects.all()} == {MessageState.SENT}
    readers = {mail["Message-ID"]: mail["To"] for mail in mail_server.taken}
    assert sorted(readers.values()) == sorted(f"b{number}@example.com" for number in range(PEOPLE))
