"""Style sheets, scripts and fonts as the server sends them: prepared once, kept by browsers."""

import gzip
import http.client
import re
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest

from loadtests.site import LiveSite

FOREVER = "max-age=315360000, public, immutable"
HASHED = re.compile(r"/static/[\w./-]+\.[0-9a-f]{12}\.\w+")


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(site: LiveSite, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=30)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=names)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return Answer(response.status, response.headers, body)


@pytest.fixture(scope="module")
def addresses(live_site: LiveSite) -> list[str]:
    """Of all that the home page and the style sheets on it name."""
    found = HASHED.findall(ask(live_site, "/").body.decode())
    assert any(address.endswith(".css") for address in found)
    return sorted(set(found))


@pytest.fixture(scope="module")
def style_sheet(addresses: list[str]) -> str:
    return next(address for address in addresses if "/css/components." in address)


def prepared(site: LiveSite, address: str, ending: str) -> bytes:
    """What collectstatic has made of it."""
    folder = Path(site.environment["EVENTMATE_DATA_DIR"]) / "static"
    return (folder / f"{address.removeprefix('/static/')}{ending}").read_bytes()


@pytest.mark.parametrize(
    ("accepted", "encoding", "ending", "decompress"),
    [
        ("gzip, deflate, br, zstd", "br", ".br", brotli.decompress),
        ("gzip, deflate", "gzip", ".gz", gzip.decompress),
        ("identity", None, "", bytes),
        ("", None, "", bytes),
    ],
)
def test_browser_gets_the_file_that_was_prepared(
    live_site: LiveSite, style_sheet: str, accepted, encoding, ending, decompress
) -> None:
    answer = ask(live_site, style_sheet, Accept_Encoding=accepted)

    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == encoding
    assert answer.headers["Content-Type"] == 'text/css; charset="utf-8"'
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.body == prepared(live_site, style_sheet, ending)
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert decompress(answer.body) == prepared(live_site, style_sheet, "")


def test_compressed_files_are_smaller(live_site: LiveSite, style_sheet: str) -> None:
    plain, gzipped, brotlied = (
        len(prepared(live_site, style_sheet, ending)) for ending in ("", ".gz", ".br")
    )
    assert brotlied < gzipped < plain / 2


def test_pages_name_files_by_their_content_and_browsers_keep_them_for_ever(
    live_site: LiveSite, addresses: list[str]
) -> None:
    for address in addresses:
        answer = ask(live_site, address)
        assert (answer.status, answer.headers["Cache-Control"]) == (200, FOREVER), address


def test_file_by_its_plain_name_is_asked_for_again_soon(live_site: LiveSite) -> None:
    answer = ask(live_site, "/static/css/components.css")

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "max-age=60, public"


def test_known_file_is_not_sent_again(live_site: LiveSite, style_sheet: str) -> None:
    first = ask(live_site, style_sheet, Accept_Encoding="br")

    for known in (
        {"If_None_Match": first.headers["ETag"]},
        {"If_Modified_Since": first.headers["Last-Modified"]},
    ):
        again = ask(live_site, style_sheet, Accept_Encoding="br", **known)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["Cache-Control"] == FOREVER
        assert again.headers["ETag"] == first.headers["ETag"]
        assert again.headers["Vary"] == "Accept-Encoding"
    assert ask(live_site, style_sheet, If_None_Match='"another"').status == 200


def test_head_is_like_the_file_without_its_body(live_site: LiveSite, style_sheet: str) -> None:
    head = ask(live_site, style_sheet, "HEAD", Accept_Encoding="br")

    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Encoding"] == "br"
    assert int(head.headers["Content-Length"]) == len(prepared(live_site, style_sheet, ".br"))


def test_only_reading_is_allowed(live_site: LiveSite, style_sheet: str) -> None:
    assert ask(live_site, style_sheet, "POST", Content_Length="0").status == 405


@pytest.mark.parametrize(
    "address",
    [
        "/static/css/nothing.css",
        "/static/css/components.000000000000.css",
        "/static/",
        "/static/css/",
        "/static/../manage.py",
        "/static/%2e%2e/%2e%2e/manage.py",
        "/static//etc/passwd",
        "/static/staticfiles.json/",
    ],
)
def test_unknown_file_is_not_found(live_site: LiveSite, address: str) -> None:
    answer = ask(live_site, address)

    assert answer.status == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_files_ask_nothing_of_the_database_and_set_no_cookie(
    live_site: LiveSite, style_sheet: str
) -> None:
    answer = ask(live_site, style_sheet, Cookie="sessionid=" + "a" * 32)

    assert answer.status == 200
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]
