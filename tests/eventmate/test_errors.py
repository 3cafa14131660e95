"""The error pages, and 503 for whatever way a database has of not answering."""

import json
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import path

from tests.health.faults import LOCALHOST, closed_port

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

# For tests that lose the connection, and any transaction with it.
loses_connection = pytest.mark.django_db(transaction=True)


def run(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(request.GET["sql"])
    return HttpResponse("done")


def render_query(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string("{{ run }}")
    return TemplateResponse(request, template, {"run": lambda: run(request)})


def lose_database_after_session(request: HttpRequest) -> HttpResponse:
    request.session["cart"] = 1
    lose_database(int(request.GET["port"]))
    return HttpResponse("done")


def lose_database(port: int) -> None:
    connection.close()
    connection.settings_dict.update(HOST=LOCALHOST, PORT=port)
    connection.settings_dict["OPTIONS"].pop("host", None)


def use_full_pool(request: HttpRequest) -> HttpResponse:
    is_queued = "queue" in request.GET
    timeout = 30 if is_queued else 0.2
    pool_of_one = {"min_size": 1, "max_size": 1, "max_waiting": 1, "timeout": timeout}
    settings = connection.settings_dict
    settings = settings | {"OPTIONS": settings["OPTIONS"] | {"pool": pool_of_one}}
    wrapper = DatabaseWrapper(settings, alias="full")
    pool = wrapper.pool
    try:
        pool.open()
        # Whoever waits gets the connection before the others are waited for.
        with ThreadPoolExecutor() as others, pool.connection():
            if is_queued:
                others.submit(pool.getconn)
                while not pool.get_stats().get("requests_waiting"):
                    time.sleep(0.001)
            wrapper.ensure_connection()
    finally:
        wrapper.close_pool()
    return HttpResponse("done")


handler400 = "eventmate.errors.bad_request"
handler500 = "eventmate.errors.server_error"

urlpatterns = [
    path("run/", run),
    path("render/", render_query),
    path("session/", lose_database_after_session),
    path("pool/", use_full_pool),
]


@pytest.fixture
def client() -> Client:
    # Errors as visitors see them.
    return Client(raise_request_exception=False)


@pytest.fixture
def closed_database_port() -> Iterator[int]:
    """A port for `lose_database`; the database is found again afterwards."""
    kept = dict(connection.settings_dict), dict(connection.settings_dict["OPTIONS"])
    with closed_port() as port:
        yield port
    connections.close_all()
    connection.settings_dict.update(kept[0])
    connection.settings_dict["OPTIONS"] = kept[1]


def raising(state: str) -> str:
    return f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}', MESSAGE = 'made up'; END $$"


def assert_outage(response: HttpResponse) -> None:
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response["Cache-Control"] == "no-store"


def test_page_without_an_error_is_as_it_is(client: Client) -> None:
    assert client.get("/run/", {"sql": "SELECT 1"}).status_code == 200


@pytest.mark.parametrize("page", ["/run/", "/render/"])
def test_statement_timeout_is_an_outage(client: Client, page: str) -> None:
    sql = "SET statement_timeout = 50; SELECT pg_sleep(10)"

    assert_outage(client.get(page, {"sql": sql}))
    connection.close()


def test_lock_timeout_is_an_outage(client: Client) -> None:
    parameters = connection.get_connection_params()
    with psycopg.connect(**parameters) as other:
        other.execute("SELECT pg_advisory_lock(42)")
        sql = "SET lock_timeout = 50; SELECT pg_advisory_lock(42)"
        assert_outage(client.get("/run/", {"sql": sql}))
    connection.close()


@loses_connection
@pytest.mark.parametrize("page", ["/run/", "/render/"])
def test_server_that_ends_the_connection_is_an_outage(client: Client, page: str) -> None:
    sql = "SELECT pg_terminate_backend(pg_backend_pid())"

    assert_outage(client.get(page, {"sql": sql}))
    connection.close()


@pytest.mark.parametrize("query", [{}, {"queue": "full"}])
def test_full_pool_is_an_outage(client: Client, query: dict[str, str]) -> None:
    assert_outage(client.get("/pool/", query))


@pytest.mark.parametrize(
    "state", ["08006", "40001", "40P01", "53200", "53300", "57P01", "57P03", "58030", "25P03"]
)
def test_state_that_passes_is_an_outage(client: Client, state: str) -> None:
    assert_outage(client.get("/run/", {"sql": raising(state)}))


@pytest.mark.parametrize("state", ["22012", "23505", "42P01", "54001", "55006", "P0001", "XX000"])
def test_mistake_is_not_an_outage(client: Client, state: str) -> None:
    response = client.get("/run/", {"sql": raising(state)})

    assert response.status_code == 500
    assert "Retry-After" not in response
    assert "EventMate" in response.text


@loses_connection
def test_database_that_refuses_is_an_outage(client: Client, closed_database_port: int) -> None:
    lose_database(closed_database_port)

    assert_outage(client.get("/run/", {"sql": "SELECT 1"}))


@loses_connection
def test_session_that_cannot_be_saved_is_an_outage(
    client: Client, closed_database_port: int, settings
) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"

    assert_outage(client.get("/session/", {"port": closed_database_port}))


@loses_connection
def test_known_session_that_cannot_be_saved_is_an_outage(
    client: Client, closed_database_port: int, settings
) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    session = client.session
    session["cart"] = 0
    session.save()

    assert_outage(client.get("/session/", {"port": closed_database_port}))


@loses_connection
@pytest.mark.urls("eventmate.urls")
def test_session_that_cannot_be_loaded_is_an_outage(
    client: Client, closed_database_port: int, settings
) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    client.cookies["sessionid"] = "a" * 32
    lose_database(closed_database_port)

    assert_outage(client.get("/accounts/profile/"))


@loses_connection
def test_outage_is_one_line_in_the_log(client: Client, closed_database_port: int, caplog) -> None:
    lose_database(closed_database_port)
    client.get("/run/", {"sql": "SELECT 1"})

    (record,) = (one for one in caplog.records if one.levelno >= logging.ERROR)
    assert record.exc_info is None
    assert "\n" not in caplog.handler.format(record)
    assert "/run/" in record.getMessage()
    assert str(closed_database_port) in record.getMessage()


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        ("text/html;q=0.5, application/json", "application/json"),
        ("image/png", "text/html; charset=utf-8"),
    ],
)
def test_outage_answers_in_the_kind_that_was_asked_for(
    client: Client, accept, content_type
) -> None:
    headers = {"accept": accept} if accept else {}
    response = client.get("/run/", {"sql": raising("53300")}, headers=headers)

    assert_outage(response)
    assert response["Content-Type"] == content_type
    if content_type == "application/json":
        assert "error" in json.loads(response.content)
    else:
        assert "EventMate" in response.text


@pytest.mark.urls("eventmate.urls")
def test_form_without_its_token_is_explained() -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/")

    assert response.status_code == 403
    assert "Cookies" in response.text
