"""The worker of a site and a mail server, through faults and a death in mid-send."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Message, MessageKind, MessageState, PaymentMethod
from bookings.services.booking import confirm_booking
from eventmate.embedded.paths import REPOSITORY
from health.services import resume_stalled_jobs
from tests.bookings.mail.server import Fault, MailServer
from tests.eventmate.machine import wait_until
from tests.factories import HoldFactory, TicketTypeFactory
from tests.health import job_rows


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


@contextmanager
def running_worker(folder: Path, server: MailServer) -> Iterator[subprocess.Popen[bytes]]:
    base, _, query = os.environ["DATABASE_URL"].partition("?")
    url = f"{base.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    process = subprocess.Popen(
        [
            *(sys.executable, "manage.py", "procrastinate", "worker", "--queues=mail"),
            *("--fetch-job-polling-interval=0.2", "--delete-jobs=successful"),
        ],
        cwd=REPOSITORY,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "eventmate.settings.local",
            "DATABASE_URL": f"{url}?{query}" if query else url,
            "EVENTMATE_DATA_DIR": str(folder),
            "EMAIL_URL": f"smtp://{server.hostname}:{server.port}",
            "REDIS_URL": "",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


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


def forget_dead_workers() -> None:
    """Half a minute later, without waiting for it."""
    sql = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour' RETURNING id"
    job_rows.execute(sql)


def test_trouble_that_passes_delays_a_mail_and_no_more(message, mail_server, tmp_path):
    mail_server.recipient_answers.append("451 Try again later")

    with running_worker(tmp_path, mail_server):
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

    with running_worker(tmp_path, mail_server):
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
    with running_worker(tmp_path, mail_server) as worker:
        wait_until(lambda: bool(mail_server.taken))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert state(message) == MessageState.QUEUED
    assert job().status == "doing"

    forget_dead_workers()
    resume_stalled_jobs()
    with running_worker(tmp_path, mail_server):
        wait_until(is_done)

    assert (state(message), message.attempts) == (MessageState.SENT, 1)
    assert [mail["Message-ID"] for mail in mail_server.taken] == [message.message_id] * 2
    assert all(mail.get_content_type() == "multipart/mixed" for mail in mail_server.taken)
