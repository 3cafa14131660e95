"""Messages as they wait for the worker."""

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.models import Message, MessageKind, WaitlistEntry
from bookings.services.messages import LOST_AFTER, fail_lost_messages, queue_message
from tests.bookings.mail import occasions
from tests.bookings.mail.rows import booking_with, queued

pytestmark = pytest.mark.django_db


def priority(message):
    return ProcrastinateJob.objects.get(args={"message_id": message.message_id}).priority


@pytest.mark.parametrize("occasion", ["", "an hour before"])
def test_message_about_a_booking_is_written_once_an_occasion(occasion):
    booking = booking_with()
    about = {"kind": MessageKind.CONFIRMATION, "recipient": "ada@example.com", "booking": booking}

    for _ in range(2):
        queue_message(**about, occasion=occasion)
    assert Message.objects.count() == 1

    queue_message(**about, occasion="another")
    assert Message.objects.count() == 2


def test_message_about_a_place_in_line_is_written_once_an_occasion():
    occasions.waiting()
    before = Message.objects.count()

    for entry in WaitlistEntry.objects.all():
        queue_message(kind=MessageKind.WAITING, recipient=entry.email, waitlist_entry=entry)

    assert Message.objects.count() == before


@pytest.mark.parametrize("kind", ["reminder, a day", "change"])
def test_mail_to_one_passes_mail_to_many_and_lets_the_workers_own_jobs_pass(kind):
    to_one, to_many = queued(booking=booking_with()), occasions.EVERY[kind]()

    assert 0 > priority(to_one) > priority(to_many)


def test_job_is_written_in_the_transaction_of_its_message_inside_the_worker_too():
    booking = booking_with()
    earlier = ProcrastinateJob.objects.count()

    with app.replace_connector(app.connector.get_worker_connector()), transaction.atomic():
        queued(booking=booking)
        assert ProcrastinateJob.objects.count() == earlier + 1
        transaction.set_rollback(True)

    assert ProcrastinateJob.objects.count() == earlier


def test_messages_have_ids_of_their_own_at_the_domain_of_the_site(settings):
    settings.PUBLIC_URL = "https://events.example.org:8443"

    first, second = (queued(booking=booking_with()) for _ in range(2))

    assert first.message_id != second.message_id
    assert first.message_id.endswith("@events.example.org>")


@pytest.mark.parametrize(
    ("job", "state"), [("todo", "queued"), ("failed", "failed"), (None, "failed")]
)
def test_message_that_no_job_will_send_is_a_failed_one(job, state):
    message = queued(booking=booking_with(1))
    Message.objects.filter(pk=message.pk).update(queued_at=timezone.now() - LOST_AFTER)
    with connection.cursor() as cursor:
        if job is None:
            cursor.execute("DELETE FROM procrastinate_jobs")
        else:
            cursor.execute("UPDATE procrastinate_jobs SET status = %s", [job])

    fail_lost_messages()

    message.refresh_from_db()
    assert message.state == state


def test_message_of_a_moment_ago_is_not_lost():
    message = queued(booking=booking_with(1))

    assert fail_lost_messages() == 0
    assert Message.objects.get(pk=message.pk).state == "queued"
