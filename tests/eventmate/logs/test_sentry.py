"""Errors to Sentry: what a server that takes its events gets from the real site."""

import gzip
import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import brotli
import pytest

from loadtests.site import LiveSite, serving
from tests.databases import new_database
from tests.eventmate.machine import wait_until

EMAIL, NAME, CODE = "ada@example.com", "Lovelace", "0123456789ABCDEF"
TOKEN = "kX3vZ0aQm9bN7cV5xR1tY8uI6oP4sD2fG0hJ3kL5zQw"
COOKIE, HEADER = "a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4", "private-header"
SECRETS = [EMAIL, "ada%40", NAME, CODE, TOKEN, COOKIE, HEADER]


class SentryServer(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.events: list[dict[str, Any]] = []
        self.text = ""

    @property
    def dsn(self) -> str:
        return f"http://public@127.0.0.1:{self.server_port}/1"


class Receiver(BaseHTTPRequestHandler):
    server: SentryServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if encoding := self.headers["Content-Encoding"]:
            body = {"gzip": gzip.decompress, "br": brotli.decompress}[encoding](body)
        self.server.text += body.decode()
        documents = [json.loads(line) for line in body.decode().splitlines() if line]
        self.server.events += [one for one in documents if "event_id" in one and "platform" in one]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Nothing in the output of the tests."""


@pytest.fixture(scope="module")
def sentry() -> Iterator[SentryServer]:
    with SentryServer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def site(sentry: SentryServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    more = {
        "SENTRY_DSN": sentry.dsn,
        "SENTRY_ENVIRONMENT": "staging",
        "SENTRY_RELEASE": "eventmate@4",
    }
    data = tmp_path_factory.mktemp("sentry")
    application = "tests.eventmate.logs.failing_site"
    with new_database() as url, serving(url, data, application=application, more=more) as live:
        yield live


def fail(site: LiveSite, page: str, **query: str) -> str:
    """Ask for a page that fails, and return the request's id."""
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=20)
    connection.request(
        "GET",
        f"/tickets/{CODE}/{page}/?{urlencode(query)}",
        headers={"Cookie": f"sessionid={COOKIE}", "X-Private": HEADER, "Referer": f"/?{EMAIL}"},
    )
    response = connection.getresponse()
    connection.close()
    assert response.status == 500
    return response.headers["X-Request-ID"]


def event_of(sentry: SentryServer, name: str) -> dict[str, Any]:
    def received() -> list[dict[str, Any]]:
        return [one for one in sentry.events if one.get("tags", {}).get("request_id") == name]

    wait_until(lambda: bool(received()))
    (event,) = received()
    return event


def test_error_arrives_with_what_helps_to_mend_it(site: LiveSite, sentry: SentryServer) -> None:
    event = event_of(sentry, fail(site, "fail", secret=TOKEN, name=NAME, email=EMAIL))

    (error,) = event["exception"]["values"]
    assert error["type"] == "ValueError"
    assert error["stacktrace"]["frames"][-1]["function"] == "fail"
    assert event["transaction"] == "/tickets/{code}/fail/"
    assert (event["environment"], event["release"]) == ("staging", "eventmate@4")


def test_nothing_personal_leaves_the_machine(site: LiveSite, sentry: SentryServer) -> None:
    event_of(sentry, fail(site, "fail", secret=TOKEN, name=NAME, email=EMAIL))
    event_of(sentry, fail(site, "constraint", name=NAME, email=EMAIL))

    assert [secret for secret in SECRETS if secret in sentry.text] == []
    assert '"vars"' not in sentry.text


def test_job_that_fails_arrives_without_its_arguments(site: LiveSite, sentry: SentryServer) -> None:
    # Nobody knows this task, so it fails at once.
    defer = (
        "from procrastinate.contrib.django import app;"
        "app.configure_task('tests.unknown', allow_unknown=True)"
        f".defer(recipient='{EMAIL}', body='{TOKEN}')"
    )
    site.manage("shell", "-c", defer)
    site.manage("procrastinate", "worker", "--one-shot")

    def arrived() -> bool:
        return any(one.get("tags", {}).get("task") == "tests.unknown" for one in sentry.events)

    wait_until(arrived)
    assert [secret for secret in SECRETS if secret in sentry.text] == []
