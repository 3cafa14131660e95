"""What a message to an account says, such as a link that resets a password, is for its reader."""

import asyncio
import io
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection
from procrastinate import jobs
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from accounts.tasks import delete_unsent_account_mail, send_account_mail
from tests.admin_pages import text

SECRET = "https://events.example.org/accounts/password/reset/key/7-c0ffee/"
JOBS = "/admin/procrastinate/procrastinatejob/"


@pytest.fixture
def job(db: None) -> ProcrastinateJob:
    pk = send_account_mail.defer(subject="Reset", body=SECRET, recipient="ada@example.com")
    return ProcrastinateJob.objects.get(pk=pk)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the console shows, set up by the settings."""
    kept = list(logging.root.handlers)
    logging.config.dictConfig(settings.LOGGING)
    (console,) = (one for one in logging.root.handlers if one.get_name() == "console")
    written = io.StringIO()
    console.setStream(written)
    yield written
    logging.root.handlers[:] = kept


def test_log_names_a_failed_job_without_what_it_says(log: io.StringIO) -> None:
    failed = jobs.Job(
        id=7,
        queue="account-mail",
        lock=None,
        queueing_lock=None,
        task_name="accounts.send_account_mail",
        task_kwargs={"subject": "Reset", "body": SECRET, "recipient": "ada@example.com"},
    )

    async def fail() -> None:
        context = JobContext(start_timestamp=0, app=app, job=failed, abort_reason=lambda: None)
        Worker(app=app)._log_job_outcome(
            status=jobs.Status.FAILED,
            context=context,
            job_result=None,
            job_retry=None,
            exc_info=ConnectionRefusedError("no mail server"),
        )

    asyncio.run(fail())

    assert "accounts.send_account_mail[7] ended with status: Error" in log.getvalue()
    assert "no mail server" in log.getvalue()
    assert "c0ffee" not in log.getvalue()


@pytest.mark.parametrize("page", ["", "{pk}/change/", "{pk}/history/"])
def test_admin_shows_jobs_without_what_they_say(
    admin_client: Any, job: ProcrastinateJob, page: str
) -> None:
    shown = text(admin_client.get(JOBS + page.format(pk=job.pk)))

    assert "send_account_mail" in shown
    assert "c0ffee" not in shown


def test_admin_does_not_search_what_jobs_say(admin_client: Any, job: ProcrastinateJob) -> None:
    assert admin_client.get(JOBS, {"task_name": job.task_name}).status_code == 200

    assert admin_client.get(JOBS, {"args__body__startswith": "https"}).status_code == 400


@pytest.mark.parametrize(("hours", "left"), [(1, 1), (25, 0)])
def test_mail_that_was_given_up_is_deleted_a_day_later(
    job: ProcrastinateJob, hours: int, left: int
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job.pk])
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - %s * interval '1 hour' WHERE job_id = %s",
            [hours, job.pk],
        )

    async_to_sync(delete_unsent_account_mail.func)(timestamp=0)

    assert ProcrastinateJob.objects.filter(pk=job.pk).count() == left


def test_mail_that_waits_is_kept(job: ProcrastinateJob) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = now() - interval '9 days'")

    async_to_sync(delete_unsent_account_mail.func)(timestamp=0)

    assert ProcrastinateJob.objects.filter(pk=job.pk).exists()
