"""The visitors of `make chaos` see what goes wrong, and a scenario that cannot be run is not a
success. The scenarios themselves: tests/chaos/.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from loadtests.chaos.__main__ import run
from loadtests.chaos.load import Ask, Record, Records, Visitors, visiting
from loadtests.chaos.scenario import Scale, Scenario, Setting


class SometimesWrong(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/lost":
            self.close_connection = True
            return
        self.send_response(503 if self.path == "/down" else 200)
        self.send_header("Content-Length", "5")
        self.send_header("Retry-After", "2")
        self.end_headers()
        self.wfile.write(b"Hello")

    def log_message(self, format: str, *args: object) -> None:
        """Not into the output of the tests."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), SometimesWrong) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_records_tell_answers_that_failed_from_wrong_and_right_ones(
    url: str, tmp_path: Path
) -> None:
    asks = [Ask("/", "Hello"), Ask("/other", "Goodbye"), Ask("/down", "Hello"), Ask("/lost")]
    with visiting(url, [Visitors(asks, count=2, pause=0.01)], tmp_path / "load.jsonl") as load:
        load.watch(0.1)
    records = load.records()

    assert {record.name for record in records.right} == {"/"}
    assert {record.name for record in records.wrong} == {"/other", "/down", "/lost"}
    assert {record.name for record in records.failed} == {"/down", "/lost"}
    assert {record.retry_after for record in records.named("/down")} == {"2"}
    assert all(record.error for record in records.named("/lost"))


def test_visitors_who_come_at_once_wait_together(url: str, tmp_path: Path) -> None:
    crowd = Visitors([Ask("/")], count=30, pause=5.0, at_once=True)
    with visiting(url, [crowd], tmp_path / "load.jsonl") as load:
        load.watch(0.1, least=30)

    assert load.records().most_at_once > 1


def test_well_again_is_told_from_the_last_request_that_was_not_right() -> None:
    records = Records(
        Record(start, 0.1, status, status == 200, "/", 0, "", "")
        for start, status in [(9.0, 200), (10.5, 503), (11.25, 200), (11.5, 503), (12.0, 200)]
    )

    assert records.where(lambda record: record.start >= 10).well_again_after(10.0) == 1.5


def test_scenario_that_cannot_be_run_is_a_broken_promise() -> None:
    setting = Setting(environment={"DJANGO_SETTINGS_MODULE": "nowhere"})
    scenario = Scenario("never", setting, lambda stage, scale: iter(()))

    verdicts = run(scenario, Scale(is_short=True))

    assert [(row.promise, row.held) for row in verdicts] == [("the scenario can be run", False)]
