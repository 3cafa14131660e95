from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.tasks import QUEUE
from tests.admin_pages import listed, run_action, text
from tests.factories import UserFactory
from tests.health import job_rows
from tests.health.job_rows import status

JOBS = "/admin/procrastinate/procrastinatejob/"
SECRET = "c0ffee"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_other_jobs() -> None:
    job_rows.clear()


def job(pk: int) -> ProcrastinateJob:
    return ProcrastinateJob.objects.get(pk=pk)


def account_mail() -> int:
    return job_rows.failed(task="accounts.send_account_mail", queue=QUEUE, body=SECRET)


def staff(*codenames: str) -> Client:
    """Logged in as someone who may do this with jobs, and nothing else."""
    user = UserFactory(is_staff=True)
    permissions = Permission.objects.filter(
        content_type__app_label="procrastinate", codename__in=codenames
    )
    user.user_permissions.set(permissions)
    client = Client()
    client.force_login(user)
    return client


def keys(response: Any) -> set[int]:
    return {row.pk for row in response.context["cl"].result_list}


@pytest.mark.parametrize("page", ["", "{pk}/change/", "{pk}/history/"])
def test_arguments_are_shown_unless_they_are_secrets(admin_client: Any, page: str) -> None:
    mail, other = account_mail(), job_rows.failed(task="events.print_posters", size="A3")

    pages = [text(admin_client.get(JOBS + page.format(pk=pk))) for pk in (mail, other)]

    assert SECRET not in "".join(pages)
    assert ("size=&#x27;A3&#x27;" in pages[1]) == (page != "{pk}/history/")


def test_retrying_leaves_no_arguments_in_the_log_of_the_admin(admin_client: Any) -> None:
    running = job_rows.under_way(by=job_rows.worker(), queue=QUEUE, body=SECRET)
    mail = account_mail()

    page = run_action(admin_client, JOBS, "retry", job(mail), job(running))

    assert status(mail) == "todo"
    (entry,) = LogEntry.objects.all()
    assert entry.object_repr == f"accounts.send_account_mail[{mail}]()"
    assert "Not put back in the queue" in text(page)
    assert SECRET not in text(page)
    assert SECRET not in text(admin_client.get("/admin/"))


def test_secrets_cannot_be_guessed_by_filters(admin_client: Any) -> None:
    account_mail()

    assert admin_client.get(JOBS, {"queue_name": QUEUE}).status_code == 200
    assert admin_client.get(JOBS, {"args__body__startswith": "c"}).status_code == 400


def test_filters_find_jobs_by_what_an_operator_knows(admin_client: Any) -> None:
    failed = job_rows.failed(task="events.fold", queue="paper")
    stalled = job_rows.stalled()
    running = job_rows.under_way(by=job_rows.worker())

    def found(**query: str) -> set[int]:
        return keys(admin_client.get(JOBS, query))

    assert found() == {failed, stalled, running}
    assert found(status__exact="failed") == {failed}
    assert found(status__exact="doing") == {stalled, running}
    assert found(queue_name="paper") == {failed}
    assert found(task_name="events.fold") == {failed}
    assert found(stalled="yes") == {stalled}


def test_retry_says_what_was_done_and_what_was_not(admin_client: Any) -> None:
    failed, stalled, waiting = job_rows.failed(), job_rows.stalled(), job_rows.queued()

    page = text(run_action(admin_client, JOBS, "retry", *map(job, (failed, stalled, waiting))))

    assert "2 procrastinate jobs put back in the queue." in page
    assert f"Job {waiting} is neither failed nor stalled: its status is todo." in page
    assert [status(pk) for pk in (failed, stalled, waiting)] == ["todo"] * 3


def test_who_may_only_look_may_not_retry() -> None:
    failed = job_rows.failed()

    looker = staff("view_procrastinatejob")
    assert "Retry selected jobs" not in text(looker.get(JOBS))
    run_action(looker, JOBS, "retry", job(failed))
    assert status(failed) == "failed"

    helper = staff("view_procrastinatejob", "change_procrastinatejob")
    assert "Retry selected jobs" in text(helper.get(JOBS))
    run_action(helper, JOBS, "retry", job(failed))
    assert status(failed) == "todo"


def test_nobody_sees_jobs_without_permission() -> None:
    assert staff().get(JOBS).status_code == 403


def test_nothing_else_can_be_changed(admin_client: Any) -> None:
    failed = job_rows.failed()

    assert '<input type="submit"' not in text(admin_client.get(f"{JOBS}{failed}/change/"))
    assert admin_client.post(f"{JOBS}{failed}/change/", {"status": "todo"}).status_code == 403
    assert admin_client.post(f"{JOBS}{failed}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.post(f"{JOBS}add/", {}).status_code == 403
    assert status(failed) == "failed"


def test_pages_need_no_style_that_the_security_policy_forbids(admin_client: Any) -> None:
    failed = job_rows.failed()

    for page in ("", f"{failed}/change/"):
        content = text(admin_client.get(JOBS + page))
        assert "style=" not in content.partition('id="content"')[2]


def test_list_costs_the_same_for_many_jobs(admin_client: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(JOBS)
        return len(queries)

    job_rows.failed()
    one = queries()
    for _ in range(8):
        job_rows.under_way(by=job_rows.worker())

    assert queries() == one <= 10
    assert len(listed(admin_client.get(JOBS))) > 1
