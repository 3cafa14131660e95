"""Each request is measured, and told to the browser, the metrics and the log."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, override_settings
from django.urls import path

from eventmate.metrics.instruments import PROCESS, REQUESTS_IN_FLIGHT
from eventmate.middleware.timing import time_requests
from tests.factories import UserFactory

DB = re.compile(r'total;dur=([\d.]+), db;dur=([\d.]+);desc="(\d+) (query|queries)"')

pytestmark = pytest.mark.django_db


def sleepy(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute("SELECT pg_sleep(0.05)")
    return HttpResponse("rested")


def broken(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    raise ValueError("broken")


def gone(request: HttpRequest, slug: str) -> HttpResponse:
    raise Http404


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter(["a", "b"]))


def in_flight(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(REQUESTS_IN_FLIGHT._value.get()))


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user.pk))


urlpatterns = [
    path("sleepy/", sleepy, name="sleepy"),
    path("broken/", broken, name="broken"),
    path("gone/<slug:slug>/", gone, name="gone"),
    path("streamed/", streamed, name="streamed"),
    path("in-flight/", in_flight, name="in_flight"),
    path("who/", who, name="who"),
]


@pytest.fixture
def visitor() -> Iterator[Client]:
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


@pytest.fixture
def access_lines() -> Iterator[list[logging.LogRecord]]:
    """Of the access log, which keeps its lines to itself."""
    lines: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = lines.append
    log = logging.getLogger("eventmate.access")
    log.addHandler(handler)
    yield lines
    log.removeHandler(handler)


def counted(name: str, **labels: str) -> float:
    return PROCESS.get_sample_value(f"eventmate_{name}", labels) or 0


def test_browser_is_told_the_time_and_the_queries(visitor: Client) -> None:
    response = visitor.get("/sleepy/")

    total, database, queries, noun = DB.fullmatch(response["Server-Timing"]).groups()
    assert float(total) >= float(database) >= 100
    assert (queries, noun) == ("2", "queries")
    assert float(response["X-Process-Time"]) == pytest.approx(float(total) / 1000, abs=0.001)


def test_request_without_queries_says_so(visitor: Client) -> None:
    assert DB.fullmatch(visitor.get("/streamed/")["Server-Timing"]).group(3) == "0"


def test_forms_tell_no_more_than_tenths_of_a_second(visitor: Client) -> None:
    response = visitor.post("/sleepy/")

    timing = re.fullmatch(r"total;dur=(\d+)00", response["Server-Timing"])
    assert timing
    assert int(timing[1]) >= 2
    assert re.fullmatch(r"\d+\.\d", response["X-Process-Time"])


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/sleepy/", "sleepy", "200"),
        ("/broken/", "broken", "500"),
        ("/gone/for-ever/", "gone", "404"),
        ("/nowhere/", "none", "404"),
        ("/streamed/", "streamed", "200"),
    ],
)
def test_answers_are_counted_by_route_whatever_comes_of_them(
    visitor: Client, path: str, route: str, status: str
) -> None:
    labels = {"route": route, "method": "GET"}
    requests = counted("requests_total", **labels, status=status)
    timed = counted("request_seconds_count", **labels)

    visitor.get(path)

    assert counted("requests_total", **labels, status=status) == requests + 1
    assert counted("request_seconds_count", **labels) == timed + 1


def test_queries_are_counted_also_of_a_view_that_fails(visitor: Client) -> None:
    before = counted("database_queries_total", route="broken")

    visitor.get("/broken/")

    assert counted("database_queries_total", route="broken") == before + 1
    assert counted("database_query_seconds_total", route="broken") > 0


@pytest.mark.parametrize("path", ["/health/live/", "/metrics/"])
def test_health_endpoints_are_counted(client: Client, path: str) -> None:
    labels = {"route": f"health:{path.strip('/').split('/')[-1]}", "method": "GET", "status": "200"}
    before = counted("requests_total", **labels)

    client.get(path)

    assert counted("requests_total", **labels) == before + 1


def test_static_files_are_one_route(client: Client) -> None:
    labels = {"route": "static", "method": "GET", "status": "200"}
    before = counted("requests_total", **labels)

    client.get("/static/css/components.css").close()

    assert counted("requests_total", **labels) == before + 1


def test_made_up_methods_and_paths_make_no_labels(client: Client) -> None:
    client.generic("BREW", "/coffee/7319/")

    labels = {
        value
        for metric in PROCESS.collect()
        for sample in metric.samples
        for value in sample.labels.values()
    }
    assert "other" in labels
    assert not any("BREW" in label or "7319" in label for label in labels)


def test_request_is_in_flight_while_it_is_answered_and_no_longer(visitor: Client) -> None:
    assert visitor.get("/in-flight/").text == "1.0"
    assert counted("requests_in_flight") == 0


def test_request_that_is_torn_down_is_in_flight_no_longer(rf: Any) -> None:
    def torn_down(request: HttpRequest) -> HttpResponse:
        raise SystemExit

    with pytest.raises(SystemExit):
        time_requests(torn_down)(rf.get("/"))

    assert counted("requests_in_flight") == 0


def test_each_request_has_a_line_in_the_access_log(visitor: Client, access_lines) -> None:
    visitor.get("/sleepy/?secret=1")

    (line,) = access_lines
    assert (line.method, line.route, line.status) == ("GET", "sleepy", 200)
    assert (line.queries, line.bytes) == (2, len("rested"))
    assert line.duration_ms >= line.database_ms >= 100
    assert "secret" not in str(vars(line))


def test_length_of_a_stream_is_not_known(visitor: Client, access_lines) -> None:
    visitor.get("/streamed/")

    assert access_lines[-1].bytes is None


def test_slow_request_is_a_warning_with_what_it_waited_for(
    visitor: Client, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    def warnings() -> list[logging.LogRecord]:
        return [record for record in caplog.records if record.name == time_requests.__module__]

    settings.SLOW_REQUEST_SECONDS = 60
    visitor.get("/sleepy/")
    assert not warnings()

    settings.SLOW_REQUEST_SECONDS = 0.1
    visitor.get("/sleepy/")

    (line,) = warnings()
    assert line.levelno == logging.WARNING
    assert (line.route, line.queries, line.user_id) == ("sleepy", 2, None)
    assert "GET sleepy took" in line.getMessage()


def test_slow_request_names_its_user_where_it_has_asked(
    visitor: Client, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.SLOW_REQUEST_SECONDS = 0
    user = UserFactory()
    visitor.force_login(user)

    visitor.get("/who/")
    visitor.get("/streamed/")

    lines = [record for record in caplog.records if record.name == time_requests.__module__]
    assert [line.user_id for line in lines] == [user.pk, None]
