"""The worker of a site and a mail server, through faults and a death in mid-send."""

import signal

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Message, MessageKind, MessageState, PaymentMethod
from bookings.services.booking import confirm_booking
from health.services import resume_stalled_jobs
from tests.bookings.mail.server import Fault
from tests.eventmate.machine import wait_until
from tests.factories import HoldFactory, TicketTypeFactory
from tests.health import job_rows
from tests.job_worker import forget_dead_workers, running_worker


@pytest.fixture
def message(visible_jobs: None) -> Message:
    """The confirmation of a booking that was just made."""
    ticket_type = TicketTypeFactory()
    confirm_booking(
        booking=HoldFactory(event=ticket_type.event, tickets=[ticket_type]),
        name="Ada",
        email="ada@example.com",
        attendee_names={},
        payment_method=PaymentMethod.FREE,
    )
    return Message.objects.get(kind=MessageKind.CONFIRMATION)


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def job() -> ProcrastinateJob:
    return ProcrastinateJob.objects.get(task_name="bookings.send_message")


def is_done() -> bool:
    return not ProcrastinateJob.objects.filter(task_name="bookings.send_message").exists()


def make_due() -> None:
    sql = "UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo' RETURNING id"
    job_rows.execute(sql)


def test_trouble_that_passes_delays_a_mail_and_no_more(message, mail_server, tmp_path):
    mail_server.recipient_answers.append("451 Try again later")

    with running_worker(tmp_path, mail=mail_server.url, queues="mail"):
        wait_until(lambda: Message.objects.get().error)
        wait_until(lambda: job().status == "todo")
        assert state(message) == MessageState.QUEUED
        assert job().scheduled_at is not None
        make_due()
        wait_until(is_done)

    assert state(message) == MessageState.SENT
    assert len(mail_server.taken) == 1


def test_refused_mail_fails_at_once_and_is_sent_when_its_job_is_started_again(
    message, mail_server, tmp_path
):
    mail_server.recipient_answers.append("550 No such user")

    with running_worker(tmp_path, mail=mail_server.url, queues="mail"):
        wait_until(lambda: job().status == "failed")
        assert state(message) == MessageState.FAILED
        assert message.error == "550 No such user"

        call_command("jobs", retry=[job().pk])
        wait_until(is_done)

    assert state(message) == MessageState.SENT
    (mail,) = mail_server.taken
    assert mail["Message-ID"] == message.message_id


def test_mail_of_a_worker_that_was_killed_is_sent_by_the_next(message, mail_server, tmp_path):
    mail_server.data_answers.append(Fault.LATE)
    with running_worker(tmp_path, mail=mail_server.url, queues="mail") as worker:
        wait_until(lambda: bool(mail_server.taken))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert state(message) == MessageState.QUEUED
    assert job().status == "doing"

    forget_dead_workers()
    resume_stalled_jobs()
    with running_worker(tmp_path, mail=mail_server.url, queues="mail"):
        wait_until(is_done)

    assert (state(message), message.attempts) == (MessageState.SENT, 1)
    assert [mail["Message-ID"] for mail in mail_server.taken] == [message.message_id] * 2
    assert all(mail.get_content_type() == "multipart/mixed" for mail in mail_server.taken)
