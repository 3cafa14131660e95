import re
from ipaddress import ip_network

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

PROXY, STRANGER = "10.0.0.1", "192.0.2.1"
MADE = re.compile(r"[0-9a-f]{16}")

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def name(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.id)


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("made up")


urlpatterns = [path("name/", name), path("fail/", fail)]


@pytest.fixture
def client(settings) -> Client:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]
    return Client(raise_request_exception=False)


def given(client: Client, name: str, peer: str = PROXY) -> str:
    response = client.get("/name/", headers={"x-request-id": name}, REMOTE_ADDR=peer)
    assert response.text == response["X-Request-ID"]
    return response.text


def test_each_request_has_an_id_of_its_own(client: Client) -> None:
    names = {client.get("/name/").text for _ in range(100)}

    assert len(names) == 100
    assert all(MADE.fullmatch(name) for name in names)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/name/", 200),
        ("GET", "/health/live/", 404),
        ("GET", "/nothing/", 404),
        ("GET", "/%00/", 400),
        ("TRACE", "/name/", 405),
        ("GET", "/fail/", 500),
    ],
)
def test_every_response_bears_it(client: Client, method: str, path: str, status: int) -> None:
    response = client.generic(method, path)

    assert response.status_code == status
    assert MADE.fullmatch(response["X-Request-ID"])


def test_unknown_host_is_told_it_too(client: Client) -> None:
    response = client.get("/name/", headers={"host": "elsewhere.example"})

    assert response.status_code == 400
    assert response.has_header("X-Request-ID")


@pytest.mark.parametrize("peer", [PROXY, "::ffff:10.0.0.1", ""])  # none: a Unix socket
def test_trusted_proxy_may_name_the_request(client: Client, peer: str) -> None:
    name = "0f8fad5b-d9cb-469f-a165-70867728950e"

    assert given(client, name, peer) == name


def test_stranger_may_not(client: Client) -> None:
    assert MADE.fullmatch(given(client, "chosen", STRANGER))


@pytest.mark.parametrize("name", ["", "a" * 65, "a b", 'a"b', "a\tb", "ä", "a;b", "<b>", "a\r\nb"])
def test_name_that_cannot_stand_in_a_log_is_replaced(client: Client, name: str) -> None:
    assert MADE.fullmatch(given(client, name))
