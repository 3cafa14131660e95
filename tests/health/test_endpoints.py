import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from eventmate import __version__

JSON = ["/health/", "/health/live/", "/health/ready/", "/health/detailed/"]
ENDPOINTS = [*JSON, "/metrics/"]


@pytest.mark.parametrize("path", JSON)
def test_health_is_json_that_nobody_keeps(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ENDPOINTS)
def test_health_answers_a_load_balancer_that_asks_by_address(client: Client, path: str) -> None:
    assert client.get(path, headers={"host": "10.1.2.3:8000"}).status_code == 200
    assert client.get("/accounts/login/", headers={"host": "10.1.2.3"}).status_code == 400


@pytest.mark.parametrize("path", ENDPOINTS)
def test_health_answers_over_plain_http_where_visitors_are_sent_to_https(
    client: Client, settings, path: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True

    assert client.get(path).status_code == 200
    assert client.get("/accounts/login/").status_code == 301


@pytest.mark.parametrize("path", ENDPOINTS)
def test_health_takes_get_and_head_only(client: Client, path: str) -> None:
    assert client.head(path).status_code == 200
    for method in (client.post, client.put, client.patch, client.delete, client.options):
        response = method(path)
        assert response.status_code == 405
        assert response["Cache-Control"] == "no-store"


def test_unknown_health_page_is_a_404(client: Client) -> None:
    assert client.get("/health/nothing/").status_code == 404
    assert client.get("/metrics/nothing/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ENDPOINTS)
def test_health_asks_nothing_of_the_database_of_the_requests(client: Client, path: str) -> None:
    client.cookies["sessionid"] = "a" * 32

    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)

    assert len(queries) == 0
    assert not response.cookies


def test_live_says_so_whatever_is_down(client: Client, monkeypatch, settings) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", "host.invalid")
    settings.REDIS_URL = "redis://host.invalid"

    assert client.get("/health/live/").json() == {"status": "ok"}


def test_overview_names_the_version_and_each_check(client: Client, settings) -> None:
    settings.REDIS_URL = ""

    assert client.get("/health/").json() == {
        "status": "ok",
        "checks": {"database": "ok", "cache": "memory"},
        "version": __version__,
    }
