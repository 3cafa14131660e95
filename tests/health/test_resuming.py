"""Jobs whose worker died go on."""

import logging
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.tasks import send_account_mail
from health.querysets import STALLED_AFTER
from health.services import MOST_ATTEMPTS, resume_stalled_jobs
from tests.eventmate.machine import wait_until
from tests.health import job_rows
from tests.health.faults import LOCALHOST, silent_port
from tests.health.job_rows import status
from tests.job_worker import forget_dead_workers, running_worker

DEAD = int(STALLED_AFTER.total_seconds()) + 5


@pytest.fixture
def no_other_jobs(db: None) -> None:
    job_rows.clear()


@pytest.mark.usefixtures("no_other_jobs")
class TestStalledJobs:
    def test_go_back_in_the_queue_and_others_stay(self) -> None:
        silent = job_rows.under_way(by=job_rows.worker(silent_for=DEAD))
        gone = job_rows.under_way(by=None)
        running = job_rows.under_way(by=job_rows.worker())
        failed = job_rows.failed()

        resume_stalled_jobs()

        assert [status(silent), status(gone)] == ["todo", "todo"]
        assert [status(running), status(failed)] == ["doing", "failed"]

    def test_are_due_at_once_and_keep_their_arguments(self) -> None:
        pk = job_rows.stalled(booking_id=7)

        resume_stalled_jobs()

        job = ProcrastinateJob.objects.get(pk=pk)
        assert (job.args, job.attempts) == ({"booking_id": 7}, 1)
        sql = "SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at <= clock_timestamp()"
        assert job_rows.execute(sql) == 1

    def test_of_the_worker_that_asks_are_its_own_business(self) -> None:
        asking, dead = (job_rows.worker(silent_for=DEAD) for _ in range(2))
        mine, theirs = job_rows.under_way(by=asking), job_rows.under_way(by=dead)
        gone = job_rows.stalled()

        resume_stalled_jobs(running_worker=asking)

        assert [status(mine), status(theirs), status(gone)] == ["doing", "todo", "todo"]

    def test_whose_twin_waits_are_dropped(self) -> None:
        stalled = job_rows.stalled(lock="one-is-enough")
        twin = job_rows.queued(lock="one-is-enough")
        other = job_rows.stalled()

        resume_stalled_jobs()

        assert not ProcrastinateJob.objects.filter(pk=stalled).exists()
        assert [status(twin), status(other)] == ["todo", "todo"]

    def test_that_kill_each_worker_are_given_up(self, caplog: pytest.LogCaptureFixture) -> None:
        last = job_rows.stalled(attempts=MOST_ATTEMPTS - 1)
        over = job_rows.stalled(attempts=MOST_ATTEMPTS)

        with caplog.at_level(logging.WARNING):
            resume_stalled_jobs()

        assert [status(last), status(over)] == ["todo", "failed"]
        assert f"Given up: {job_rows.TASK}[{over}]" in caplog.text

    def test_are_named_in_the_log_without_arguments(self, caplog) -> None:
        job_rows.stalled(body="c0ffee")

        resume_stalled_jobs()

        assert f"Back in the queue: {job_rows.TASK}[" in caplog.text
        assert "c0ffee" not in caplog.text


@pytest.mark.usefixtures("visible_jobs")
def test_two_at_a_time_do_not_wait_for_each_other() -> None:
    first, second = job_rows.stalled(), job_rows.stalled()
    lock = "SELECT id FROM procrastinate_jobs WHERE id = %s FOR UPDATE"

    with closing(connection.copy()) as other, transaction.atomic():
        other.set_autocommit(False)
        other.cursor().execute(lock, [first])
        job_rows.execute("SELECT set_config('lock_timeout', '2s', true)")
        resume_stalled_jobs()

    assert [status(first), status(second)] == ["doing", "todo"]


@pytest.mark.usefixtures("visible_jobs")
def test_mail_that_a_killed_worker_was_sending_is_sent_by_the_next(tmp_path: Path) -> None:
    job = send_account_mail.defer(subject="Reset", body="A link", recipient="ada@example.com")
    with (
        silent_port() as (port, accepted),
        running_worker(tmp_path, mail=f"smtp://{LOCALHOST}:{port}") as worker,
    ):
        wait_until(lambda: accepted)
        worker.kill()
        worker.wait()
    assert status(job) == "doing"

    forget_dead_workers()
    with running_worker(tmp_path, mail=""):
        wait_until(lambda: not ProcrastinateJob.objects.filter(pk=job).exists())

    (mail,) = (tmp_path / "mail").iterdir()
    assert "A link" in mail.read_text()
