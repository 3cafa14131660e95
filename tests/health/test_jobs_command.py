import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateEvent

from accounts.tasks import QUEUE
from health.querysets import STALLED_AFTER
from tests.health import job_rows
from tests.health.job_rows import status

DEAD = int(STALLED_AFTER.total_seconds()) + 5

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_other_jobs() -> None:
    job_rows.clear()


def jobs(*arguments: str) -> str:
    out = io.StringIO()
    call_command("jobs", *arguments, stdout=out, no_color=True)
    return out.getvalue()


def test_says_so_when_nothing_is_in_trouble() -> None:
    job_rows.queued()
    job_rows.under_way(by=job_rows.worker())

    assert jobs() == "No job failed or stalled.\n"


def test_lists_jobs_in_trouble_with_what_is_known_of_them() -> None:
    failed = job_rows.failed(task="events.print_posters", queue="paper", size="A3")
    silent = job_rows.under_way(by=job_rows.worker(silent_for=DEAD), task="events.fold")
    gone = job_rows.stalled()
    job_rows.queued(task="events.wait")

    heading, first, second, third = jobs().splitlines()

    assert heading.split() == ["JOB", "STATE", "SINCE", "ATTEMPTS", "QUEUE", "WHY", "TASK"]
    assert first.split()[:2] == [str(failed), "failed"]
    assert " UTC  8 " in first
    assert "paper" in first
    assert "events.print_posters(size='A3')" in first
    assert second.split()[:2] == [str(silent), "stalled"]
    assert re.search(r"worker \d+ has been silent for \d+ s  events\.fold\(\)$", second)
    assert third.split()[:2] == [str(gone), "stalled"]
    assert "  its worker is gone  " in third


def test_list_costs_the_same_for_many_jobs() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            jobs()
        return len(queries)

    job_rows.failed()
    one = queries()
    for _ in range(8):
        job_rows.under_way(by=job_rows.worker(silent_for=DEAD))

    assert queries() == one == 1


def test_never_shows_what_account_mail_says() -> None:
    job_rows.failed(task="accounts.send_account_mail", queue=QUEUE, body="/reset/c0ffee/")
    job_rows.failed(task="bookings.send_confirmation", booking_id=7)

    shown = jobs()

    assert "accounts.send_account_mail(secret)" in shown
    assert "bookings.send_confirmation(booking_id=7)" in shown
    assert "c0ffee" not in shown


def test_retries_the_named_jobs_and_no_others() -> None:
    failed, stalled, other = job_rows.failed(), job_rows.stalled(), job_rows.failed()

    assert jobs("--retry", str(failed), str(stalled)) == "2 jobs are back in the queue.\n"

    assert [status(failed), status(stalled), status(other)] == ["todo", "todo", "failed"]
    history = ProcrastinateEvent.objects.filter(job_id=failed).exclude(type="scheduled")
    assert list(history.order_by("pk").values_list("type", flat=True)) == [
        "deferred",
        "started",
        "failed",
        "retried",
    ]


@pytest.mark.parametrize(
    ("option", "left"),
    [("--retry-failed", ["todo", "doing"]), ("--retry-stalled", ["failed", "todo"])],
)
def test_retries_all_of_a_kind(option: str, left: list[str]) -> None:
    failed, stalled, running = (
        job_rows.failed(),
        job_rows.stalled(),
        job_rows.under_way(by=job_rows.worker()),
    )

    assert jobs(option) == "1 job is back in the queue.\n"

    assert [status(failed), status(stalled)] == left
    assert status(running) == "doing"


def test_unknown_job_is_an_error_that_names_it_and_the_others_are_retried() -> None:
    failed = job_rows.failed()

    with pytest.raises(CommandError, match=f"There is no job {failed + 999}") as error:
        jobs("--retry", str(failed + 999), str(failed))

    assert error.value.returncode == 1
    assert status(failed) == "todo"


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), str(10**30)])
def test_no_number_is_too_strange(number: str) -> None:
    with pytest.raises(CommandError, match="There is no job"):
        jobs(f"--retry={number}")


def test_running_and_waiting_jobs_are_left_alone() -> None:
    running, waiting = job_rows.under_way(by=job_rows.worker()), job_rows.queued()

    with pytest.raises(CommandError) as error:
        jobs("--retry", str(running), str(waiting))

    assert str(error.value).splitlines() == [
        f"Job {running} is neither failed nor stalled: its status is doing.",
        f"Job {waiting} is neither failed nor stalled: its status is todo.",
    ]
    assert [status(running), status(waiting)] == ["doing", "todo"]


def test_job_whose_twin_waits_is_not_queued_twice() -> None:
    failed = job_rows.failed(lock="one-is-enough")
    job_rows.queued(lock="one-is-enough")

    with pytest.raises(CommandError, match="another one like it waits"):
        jobs("--retry", str(failed))

    assert status(failed) == "failed"
