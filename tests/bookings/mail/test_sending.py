"""One message and a mail server that takes it, refuses it, delays or drops it."""

import smtplib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.actors import Actor
from bookings.mail.sending import MOST_ATTEMPTS
from bookings.models import Message, MessageState
from bookings.services.booking import cancel_booking
from bookings.services.messages import queue_message
from tests.bookings.mail.rows import booking_with, is_retried, queued, try_to_send
from tests.bookings.mail.server import Fault
from tests.health.faults import closed_port

pytestmark = pytest.mark.django_db

NO_SUCH_USER = "550 5.1.1 No such user here"


@pytest.fixture
def message():
    return queued(booking=booking_with())


def test_message_is_sent_once(message, mail_server):
    try_to_send(message)
    try_to_send(message)

    (mail,) = mail_server.taken
    assert mail["Message-ID"] == message.message_id
    assert mail["To"] == "ada@example.com"
    assert (message.state, message.attempts, message.error) == (MessageState.SENT, 1, "")
    assert message.sent_at <= timezone.now()


def test_message_that_had_been_written_before_is_sent_once(message, mail_server):
    queue_message(kind=message.kind, recipient="ada@example.com", booking=message.booking)

    jobs = ProcrastinateJob.objects.filter(task_name="bookings.send_message").order_by("-pk")
    for job in jobs[:2]:
        try_to_send(message, message_id=job.args["message_id"])

    assert Message.objects.get() == message
    assert len(mail_server.taken) == 1


def test_message_that_is_no_longer_needed_is_dropped(message, mail_server):
    cancel_booking(booking=message.booking, by=Actor.buyer())

    try_to_send(message)

    assert mail_server.taken == []
    assert message.state == MessageState.DROPPED


@pytest.mark.parametrize("stage", ["recipient_answers", "data_answers"])
def test_refusal_fails_at_once_and_says_why(message, mail_server, stage):
    getattr(mail_server, stage).append(NO_SUCH_USER)

    with pytest.raises(smtplib.SMTPException) as refused:
        try_to_send(message)

    assert (message.state, message.attempts) == (MessageState.FAILED, 1)
    assert message.error == NO_SUCH_USER
    assert not is_retried(message, refused.value)


@pytest.mark.parametrize(
    ("stage", "answer", "said"),
    [
        ("recipient_answers", "451 4.7.1 Try again later", "451 4.7.1 Try again later"),
        ("recipient_answers", "530 5.7.0 Log in first", "530 5.7.0 Log in first"),
        ("recipient_answers", "421 4.3.2 Closing", "421 4.3.2 Closing"),
        ("data_answers", "452 4.3.1 Disk full", "452 4.3.1 Disk full"),
        ("data_answers", Fault.DROPS_IN_DATA, "closed"),
        ("data_answers", Fault.LATE, "timed out"),
    ],
)
def test_trouble_that_may_pass_is_kept_and_tried_again(message, mail_server, stage, answer, said):
    getattr(mail_server, stage).append(answer)

    with pytest.raises(OSError) as trouble:  # noqa: PT011  # what smtplib raises is one
        try_to_send(message)

    assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
    assert said in message.error
    assert is_retried(message, trouble.value)

    try_to_send(message, attempt=2)

    assert (message.state, message.attempts, message.error) == (MessageState.SENT, 2, "")
    assert {mail["Message-ID"] for mail in mail_server.taken} == {message.message_id}


def test_server_that_cannot_be_reached_is_tried_again(message, mail_server, settings):
    with closed_port() as settings.EMAIL_PORT, pytest.raises(ConnectionRefusedError) as trouble:
        try_to_send(message)

    assert message.state == MessageState.QUEUED
    assert "refused" in message.error
    assert is_retried(message, trouble.value)


def test_login_that_does_not_work_is_tried_again(message, mail_server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "eventmate", "wrong"

    with pytest.raises(smtplib.SMTPException) as trouble:
        try_to_send(message)

    assert message.state == MessageState.QUEUED
    assert is_retried(message, trouble.value)


def test_mail_that_was_taken_without_a_word_is_sent_again_as_the_same(message, mail_server):
    mail_server.data_answers.append(Fault.DROPS_BEFORE_REPLY)

    with pytest.raises(smtplib.SMTPServerDisconnected):
        try_to_send(message)
    try_to_send(message, attempt=2)

    first, second = mail_server.taken
    assert first["Message-ID"] == second["Message-ID"] == message.message_id
    assert message.state == MessageState.SENT


def test_last_attempt_gives_up(message, mail_server):
    mail_server.recipient_answers += ["451 Later"] * 2

    with pytest.raises(smtplib.SMTPException) as trouble:
        try_to_send(message, attempt=MOST_ATTEMPTS - 1)
    assert message.state == MessageState.QUEUED
    assert is_retried(message, trouble.value, attempt=MOST_ATTEMPTS - 1)

    with pytest.raises(smtplib.SMTPException) as trouble:
        try_to_send(message, attempt=MOST_ATTEMPTS)
    assert message.state == MessageState.FAILED
    assert message.error == "451 Later"
    assert not is_retried(message, trouble.value, attempt=MOST_ATTEMPTS)


def test_failed_message_whose_job_is_started_again_is_failed_until_it_is_sent(message, mail_server):
    mail_server.recipient_answers += [NO_SUCH_USER, "451 Later"]
    for _ in range(2):
        with pytest.raises(smtplib.SMTPException):
            try_to_send(message)
        assert message.state == MessageState.FAILED
    assert message.error == "451 Later"

    try_to_send(message, attempt=MOST_ATTEMPTS + 1)

    assert (message.state, message.attempts, message.error) == (MessageState.SENT, 3, "")
    assert len(mail_server.taken) == 1


def test_what_a_server_says_is_kept_on_one_line_and_not_for_ever(message, mail_server):
    mail_server.recipient_answers.append("550-Go \x07 away\r\n550 " + "x" * 600)

    with pytest.raises(smtplib.SMTPException):
        try_to_send(message)

    assert message.error.startswith("550 Go away xxx")
    assert len(message.error) == 500


@pytest.mark.usefixtures("visible_jobs")
def test_two_jobs_for_one_message_send_one_mail(mail_server):
    message = queued(booking=booking_with())
    mail_server.data_answers += [Fault.SLOW] * 2
    start = threading.Barrier(2, timeout=10)

    def work(_: int) -> None:
        start.wait()
        try:
            try_to_send(Message.objects.get(pk=message.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(work, range(2)))

    message.refresh_from_db()
    assert len(mail_server.taken) == 1
    assert (message.state, message.attempts) == (MessageState.SENT, 1)


def test_address_that_mail_cannot_write_fails_at_once(mail_server):
    address = f"ada@{'ä' * 60}.example.com"
    booking = booking_with()
    type(booking).objects.update(email=address)
    message = queued(booking=booking, recipient=address)

    with pytest.raises(UnicodeError) as raised:
        try_to_send(message)

    assert not is_retried(message, raised.value)
    assert (message.state, message.attempts) == (MessageState.FAILED, 1)
    assert message.error


def test_fault_of_our_own_is_kept_and_tried_again(message, mail_server, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("bookings.mail.sending.compose", lambda message: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            try_to_send(message)
        assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
        assert "division" in message.error

    try_to_send(message)
    assert message.state == MessageState.SENT
