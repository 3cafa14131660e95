"""What the real site writes, as JSON: requests, errors, Gunicorn's own lines and jobs."""

import http.client
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from eventmate.embedded.paths import REPOSITORY
from loadtests.site import LiveSite, serving
from tests.databases import new_database
from tests.eventmate.logs.lines import Line, lines_of, wait_for
from tests.health.faults import closed_port

EMAIL, NAME, CODE, REFERENCE = "ada@example.com", "Lovelace", "0123456789ABCDEF", "AB12CD34"
PASSWORD, SEARCHED = "correct-horse-battery", "herpes"
ACCESS_TOKEN = "kX3vZ0aQm9bN7cV5xR1tY8uI6oP4sD2fG0hJ3kL5zQw"
OVERDUE_HOLD = """
from datetime import timedelta
from django.utils import timezone
from bookings.tasks import release_overdue_holds_job
from tests.factories import HoldFactory
HoldFactory(expires_at=timezone.now() - timedelta(hours=1))
release_overdue_holds_job.defer(timestamp=0)
"""
SECRETS = [EMAIL, "ada%40", NAME, CODE, REFERENCE, PASSWORD, SEARCHED, ACCESS_TOKEN, "?access"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    data = tmp_path_factory.mktemp("logs")
    with new_database() as url, closed_port() as nobody:
        more = {
            "LOG_FORMAT": "json",
            "GUNICORN_LOG_LEVEL": "info",
            "EMAIL_URL": f"smtp://ada%40example.com:{PASSWORD}@127.0.0.1:{nobody}",
        }
        with serving(url, data, application="tests.eventmate.logs.failing_site", more=more) as live:
            yield live


class Visitor:
    """Asks over one connection that is kept open."""

    def __init__(self, site: LiveSite) -> None:
        self._connection = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=20)
        self._cookies: dict[str, str] = {}

    def close(self) -> None:
        self._connection.close()

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
        """The status of the answer, and the id of the request."""
        headers |= {"Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        body = None
        if form is not None:
            form = {"csrfmiddlewaretoken": self._cookies.get("csrftoken", "")} | form
            body = urlencode(form)
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("GET" if form is None else "POST", path, body, headers)
        response = self._connection.getresponse()
        response.read()
        for header in response.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name] = value
        return response.status, response.headers["X-Request-ID"]


@pytest.fixture
def visitor(site: LiveSite) -> Iterator[Visitor]:
    visitor = Visitor(site)
    yield visitor
    visitor.close()


def assert_private(log: Path) -> None:
    text = log.read_text()
    assert [secret for secret in SECRETS if secret.lower() in text.lower()] == []


def test_request_is_one_line_with_its_route(site: LiveSite, visitor: Visitor) -> None:
    status, name = visitor.ask(f"/events/?q={SEARCHED}&page=1")

    line = wait_for(site.log, lambda line: line.get("request_id") == name)
    assert line["logger"] == "eventmate.access"
    assert (line["method"], line["route"], line["status"]) == ("GET", "events:list", status)
    assert line["duration_ms"] > 0
    assert line["queries"] > 0
    assert {"timestamp", "level", "pid", "bytes", "database_ms"} <= line.keys()
    assert "user_id" not in line


def test_lines_of_a_connection_belong_to_their_requests(site: LiveSite, visitor: Visitor) -> None:
    names = [visitor.ask(f"/tickets/{CODE}/?access={ACCESS_TOKEN}")[1] for _ in range(5)]

    for name in names:
        wait_for(site.log, lambda line, name=name: line.get("request_id") == name)
    for name in names:
        mine = [line for line in lines_of(site.log) if line.get("request_id") == name]
        assert sorted(line["logger"] for line in mine) == ["django.request", "eventmate.access"]


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        (f"/tickets/{CODE}/?access={ACCESS_TOKEN}", 404, "Not Found: /tickets/<str:code>/"),
        (f"/bookings/{REFERENCE}/", 404, "Not Found: /bookings/<str:reference>/"),
        (f"/tickets/{CODE}/no/such/page/?access=1", 404, "Not Found: /tickets/…"),
        (f"/Tickets/{CODE} {NAME}".replace(" ", "%20"), 404, "Not Found: /Tickets/…"),
        (f"/{EMAIL}/", 404, "Not Found: /[e-mail]/"),
        ("/no-such-page/", 404, "Not Found: /no-such-page/"),
        (f"/accounts/password/reset/key/7-{ACCESS_TOKEN}%00/", 400, "NUL in the path: /accounts/…"),
    ],
)
def test_django_names_the_route_for_the_path(
    site: LiveSite, visitor: Visitor, path: str, status: int, message: str
) -> None:
    answered, name = visitor.ask(path)

    assert answered == status
    wait_for(site.log, lambda line: line["message"] == message and line["request_id"] == name)
    assert_private(site.log)


def test_form_that_is_refused_is_not_quoted(site: LiveSite, visitor: Visitor) -> None:
    form = {"login": EMAIL, "password": PASSWORD}
    status, name = visitor.ask(
        f"/accounts/login/?next=/tickets/{CODE}/",
        form,
        Referer=f"https://elsewhere.example/tickets/{CODE}/?access={ACCESS_TOKEN}",
    )

    assert status == 403
    line = wait_for(site.log, lambda line: line["logger"] == "django.security.csrf")
    assert line["message"].endswith(": /accounts/login/")
    assert line["request_id"] == name
    assert_private(site.log)


def test_user_is_a_number(site: LiveSite, visitor: Visitor) -> None:
    visitor.ask("/accounts/signup/")
    account = {"name": NAME, "email": EMAIL, "password1": PASSWORD, "password2": PASSWORD}
    assert visitor.ask("/accounts/signup/", account)[0] == 302
    status, name = visitor.ask("/accounts/profile/")

    assert status == 200
    line = wait_for(
        site.log, lambda line: line.get("request_id") == name and line.get("route") is not None
    )
    assert isinstance(line["user_id"], int)
    assert_private(site.log)


def test_uncaught_error_has_its_traceback_and_nothing_personal(
    site: LiveSite, visitor: Visitor
) -> None:
    query = urlencode({"secret": ACCESS_TOKEN, "name": NAME, "email": EMAIL})
    status, name = visitor.ask(f"/tickets/{CODE}/fail/?{query}")

    assert status == 500
    line = wait_for(site.log, lambda line: "exception" in line and line["request_id"] == name)
    assert line["message"] == "Internal Server Error: /tickets/<str:code>/fail/"
    assert (line["level"], line["status"]) == ("error", 500)
    assert re.search(r'File ".*/failing_site.py", line \d+, in fail', line["exception"])
    assert "ValueError: " in line["exception"]
    assert_private(site.log)


def test_row_that_the_database_quotes_is_left_out(site: LiveSite, visitor: Visitor) -> None:
    query = urlencode({"name": NAME, "email": f"twice.{EMAIL}"})
    status, name = visitor.ask(f"/tickets/{CODE}/constraint/?{query}")

    assert status == 500
    line = wait_for(site.log, lambda line: "exception" in line and line["request_id"] == name)
    assert "IntegrityError" in line["exception"]
    assert "DETAIL: …" in line["exception"]
    assert_private(site.log)


def test_gunicorn_writes_as_all_do(site: LiveSite, visitor: Visitor) -> None:
    victim = site.workers()[0]
    psutil.Process(victim.pid).send_signal(signal.SIGKILL)

    line = wait_for(site.log, lambda line: f"pid:{victim.pid}" in line["message"])
    assert (line["logger"], line["pid"]) == ("gunicorn.error", site.web.pid)
    # And the new worker's, with those of Django.
    wait_for(site.log, lambda line: line["message"].startswith("Booting worker"))


def work_off_jobs(site: LiveSite) -> list[Line]:
    """What a worker writes meanwhile."""
    worked = subprocess.run(
        [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"],
        cwd=REPOSITORY,
        env=site.environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    assert [secret for secret in SECRETS if secret.lower() in worked.stdout.lower()] == []
    return [json.loads(line) for line in worked.stdout.splitlines() if line.startswith("{")]


def test_job_that_fails_is_named_without_its_arguments(site: LiveSite, visitor: Visitor) -> None:
    visitor.ask("/accounts/password/reset/")
    assert visitor.ask("/accounts/password/reset/", {"email": EMAIL})[0] == 302

    line = next(line for line in work_off_jobs(site) if "send_account_mail" in line["message"])
    assert (line["logger"], line["task"]) == ("procrastinate.worker", "accounts.send_account_mail")
    assert line["message"].startswith(f"Job {line['task']}[{line['job']}] ended with status: Error")
    assert "ConnectionRefusedError" in line["exception"]
    assert "worker" not in line


def test_lines_that_a_job_writes_name_it(site: LiveSite) -> None:
    site.manage("shell", "-c", OVERDUE_HOLD)

    (line,) = (line for line in work_off_jobs(site) if line["logger"].startswith("bookings."))
    assert line["task"] == "bookings.release_overdue_holds"
    assert isinstance(line["job"], int)
