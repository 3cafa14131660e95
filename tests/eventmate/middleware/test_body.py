"""What is sent with a request: read before anything else is done, and only so much of it."""

import http.client
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client

from loadtests.site import LiveSite, serving
from tests.databases import new_database
from tests.factories import EventFactory, UserFactory

FORM = "application/x-www-form-urlencoded"
LOGIN = "/accounts/login/"
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site that is quick to tire of a body, and has one connection to the database."""
    impatient = {"REQUEST_BODY_TIMEOUT": "1", "DATABASE_POOL_SIZE": "1"}
    folder = tmp_path_factory.mktemp("site")
    with new_database() as url, serving(url, folder, workers=1, more=impatient) as started:
        yield started


def connect(site: LiveSite) -> socket.socket:
    address = urlsplit(site.url)
    return socket.create_connection((address.hostname, address.port), timeout=30)


def post_begun(path: str, length: int, sent: bytes = b"login=") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\n"
    return f"{head}Content-Length: {length}\r\n\r\n".encode() + sent


def status_of(connection: socket.socket) -> int:
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status


def test_form_that_stalls_is_given_up(site: LiveSite) -> None:
    with connect(site) as stalled:
        stalled.sendall(post_begun(LOGIN, 1000))
        assert status_of(stalled) == 408


def test_form_that_stalls_gains_no_time_by_the_length_that_it_announces(site: LiveSite) -> None:
    files = b"Content-Type: multipart/form-data; boundary=b\r\nCookie: sessionid=none\r\n"
    upload = post_begun("/admin/events/event/add/", 50 * MEGABYTE).replace(
        b"Content-Type: " + FORM.encode() + b"\r\n", files
    )
    for request in (post_begun(LOGIN, MEGABYTE), upload):
        began = time.monotonic()
        with connect(site) as stalled:
            stalled.sendall(request)
            assert status_of(stalled) == 408
        # By the length, it would have been a minute or an hour.
        assert time.monotonic() - began < 20


def test_form_that_keeps_coming_has_longer(site: LiveSite) -> None:
    with connect(site) as slow:
        # What has come by then gives the rest more seconds than a busy machine needs.
        slow.sendall(post_begun("/nowhere/", 200_000, b"a=" + b"a" * 99_998))
        for _ in range(5):
            time.sleep(0.3)
            slow.sendall(b"a" * 20_000)
        assert status_of(slow) == 404


def test_forms_that_stall_hold_no_connection_to_the_database(site: LiveSite) -> None:
    stalled = [connect(site) for _ in range(20)]
    for each in stalled:
        each.sendall(post_begun(LOGIN, 1000))
    address = urlsplit(site.url)
    honest = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    honest.request("GET", "/events/")
    assert honest.getresponse().status == 200
    honest.close()
    for each in stalled:
        assert status_of(each) == 408
        each.close()


def test_connection_that_breaks_in_the_middle_of_a_form_harms_nobody(site: LiveSite) -> None:
    with connect(site) as broken:
        broken.sendall(post_begun(LOGIN, 1000))
    time.sleep(0.1)
    with connect(site) as next_one:
        next_one.sendall(b"GET /health/live/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert status_of(next_one) == 200


def test_large_form_is_refused_before_it_is_sent(site: LiveSite) -> None:
    with connect(site) as large:
        large.sendall(post_begun(LOGIN, MEGABYTE + 1, b""))
        assert status_of(large) == 413


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "kind"), [("text/html", "text/html"), ("application/json", "application/json")]
)
def test_large_form_is_refused_in_the_kind_that_was_asked_for(
    client: Client, accept: str, kind: str
) -> None:
    body = b"login=" + b"a" * MEGABYTE
    refused = client.generic("POST", LOGIN, body, content_type=FORM, headers={"accept": accept})

    assert refused.status_code == 413
    assert refused.headers["Content-Type"].startswith(kind)
    assert "large" in refused.text


def multipart(size: int) -> tuple[bytes, str]:
    part = 'Content-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    return f"--b\r\n{part}{'a' * size}\r\n--b--\r\n".encode(), "multipart/form-data; boundary=b"


@pytest.mark.django_db
def test_files_are_taken_where_they_are_expected_and_only_from_visitors_with_a_session(
    client: Client,
) -> None:
    event = EventFactory()
    page_with_images = f"/admin/events/event/{event.pk}/change/"
    body, content_type = multipart(2 * MEGABYTE)
    too_much, _ = multipart(51 * MEGABYTE)

    def status(path: str, sent: bytes) -> int:
        return client.generic("POST", path, sent, content_type=content_type).status_code

    assert status(page_with_images, body) == 413
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert status(LOGIN, body) == 413
    assert status("/nowhere/", body) == 413
    assert status(page_with_images, body) == 200
    assert status(page_with_images, too_much) == 413
