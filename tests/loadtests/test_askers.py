"""Those who ask for pages in the bench measure what came, and tell what is wrong with it."""

import gzip
import time
from collections.abc import Iterator
from contextlib import closing

import brotli
import pytest

from loadtests.bench.askers import Askers
from loadtests.bench.replies import reply_in
from tests.loadtests.answering import PAGE, answering

ORDER = {
    "host": "127.0.0.1",
    "paths": ["/jazz/", "/more/"],
    "shows": ["Jazz & more", "Jazz"],
    "visitors": [["sessionid=a", "<p>"]],
    "users": 3,
    "seconds": 0.2,
    "may": [],
}


@pytest.fixture
def askers() -> Iterator[Askers]:
    with closing(Askers()) as askers:
        yield askers


def test_every_reply_is_measured_and_visitors_come_one_after_the_other(askers, monkeypatch):
    monkeypatch.setattr("loadtests.bench.askers.REQUESTS", 2)

    with answering() as (server, port):
        report = askers.visit({**ORDER, "port": port})

    assert not report["wrong"]
    answered = len(server.asked)
    assert report["statuses"] == {200: answered}
    assert len(report["times"]) == answered
    assert all(time > 0 for time in report["times"])
    assert report["bytes"] == len(brotli.compress(PAGE.encode()))
    assert report["seconds"] >= 0.2
    assert {path for path, _, _ in server.asked} == {"/jazz/", "/more/"}
    visits = [address for _, address, _ in server.asked]
    assert max(visits.count(address) for address in visits) == 2
    assert {cookie for _, _, cookie in server.asked} == {"sessionid=a"}


def test_those_who_go_on_are_the_same_and_only_what_is_new_is_told(askers):
    with answering() as (server, port):
        askers.visit({**ORDER, "port": port, "users": 2, "seconds": 0})
        first = {address for _, address, _ in server.asked}
        server.asked.clear()

        report = askers.visit({"users": 3, "seconds": 0})

    again = {address for _, address, _ in server.asked}
    assert len(first) == 2
    assert first & again
    assert len(report["times"]) == len(server.asked) == 3


def test_connection_that_was_closed_meanwhile_is_opened_anew(askers):
    with answering(timeout=0.1) as (server, port):
        askers.visit({**ORDER, "port": port, "users": 1, "seconds": 0})
        time.sleep(0.5)  # longer than the server waits for a request

        report = askers.visit({"users": 1, "seconds": 0})

    assert not report["wrong"]
    assert len(server.asked) == 2


def test_connection_that_the_server_closes_is_opened_anew(askers):
    with answering(closes=True) as (server, port):
        report = askers.visit({**ORDER, "port": port})

    assert not report["wrong"]
    assert report["statuses"] == {200: len(server.asked)}
    assert len(server.asked) > 3


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"status": 500}, "/more/: 500 in place of 200"),
        ({"page": "<p>Chess</p>"}, "/jazz/: 'Jazz & more' is not on the page"),
        ({"page": "Jazz & more, for anybody"}, "/jazz/: '<p>' is not on the page"),
    ],
)
def test_wrong_status_and_wrong_text_are_told(askers, how, told):
    with answering(**how) as (_, port):
        report = askers.visit({**ORDER, "port": port})

    assert told in report["wrong"]


def test_refusal_that_is_allowed_is_counted_and_not_timed(askers):
    with answering(status=503) as (server, port):
        report = askers.visit({**ORDER, "port": port, "may": [503]})

    assert not report["wrong"]
    assert report["statuses"] == {503: len(server.asked)}
    assert report["times"] == []


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nContent-length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
    ],
)
def test_reply_is_whole_when_its_last_byte_has_come(sent):
    assert all(reply_in(sent[:end]) is None for end in range(len(sent)))

    reply = reply_in(sent)

    assert reply is not None
    assert (reply.status, reply.body, reply.text) == (200, b"hello", "hello")


def test_reply_is_read_as_it_was_compressed():
    body = gzip.compress(PAGE.encode())
    sent = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)

    reply = reply_in(sent + body)

    assert reply is not None
    assert reply.text == "<p>Jazz & more</p>"
