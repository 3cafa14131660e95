"""Pages are compressed where their length tells nobody a secret: docs/adr/0020-compression.md."""

import gzip
import http.client
from collections.abc import Callable

import brotli
import pytest
from backports import zstd
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import path

from loadtests.site import LiveSite

TEXT = "<main>" + "All that jazz. " * 200 + "</main>"
DECOMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": zstd.decompress,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}
ALL = "gzip, deflate, br, zstd"
CSRF_COOKIE = "a" * 32
OTHER_SITES = [{}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}]
VISITORS_OWN = [{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}]


HEADERS = {
    "json": {"Content-Type": "application/json"},
    "pdf": {"Content-Type": "application/pdf"},
    "png": {"Content-Type": "image/png"},
    "svg": {"Content-Type": "image/svg+xml"},
    "encoded": {"Content-Encoding": "br"},
    "tagged": {"ETag": '"jazz"'},
}


def answer(request: HttpRequest, kind: str) -> HttpResponseBase:
    if kind == "rows":
        return StreamingHttpResponse([TEXT] * 3, content_type="text/csv")
    if kind == "token":
        get_token(request)
    response = HttpResponse("<p>Jazz</p>" if kind == "small" else TEXT)
    if kind == "login":
        response.set_cookie("sessionid", "new")
    for name, value in HEADERS.get(kind, {}).items():
        response[name] = value
    return response


urlpatterns = [path("page/<str:kind>/", answer)]
with_own_pages = pytest.mark.urls(__name__)


def get(kind: str = "html", query: dict[str, str] | None = None, **headers: str) -> HttpResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().get(f"/page/{kind}/", query, headers={"accept-encoding": ALL} | names)


def is_compressed(response: HttpResponse) -> bool:
    return "Content-Encoding" in response


@with_own_pages
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        (ALL, "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("zstd;q=0.1, gzip", "gzip"),
    ],
)
def test_page_comes_in_the_best_way_that_the_browser_takes(accepted: str, encoding: str) -> None:
    response = get(accept_encoding=accepted)

    assert response["Content-Encoding"] == encoding
    assert DECOMPRESS[encoding](response.content).decode() == TEXT
    assert response["Content-Length"] == str(len(response.content))
    assert "accept-encoding" in response["Vary"].lower()


@with_own_pages
@pytest.mark.parametrize("accepted", ["", "identity", "deflate", "gzip;q=0", "x" * 5_000])
def test_page_comes_as_it_is_where_the_browser_takes_nothing_else(accepted: str) -> None:
    response = get(accept_encoding=accepted)

    assert not is_compressed(response)
    assert response.text == TEXT
    assert "accept-encoding" in response["Vary"].lower(), "for a cache between"


@with_own_pages
@pytest.mark.parametrize("kind", ["html", "json", "svg"])
def test_text_is_compressed(kind: str) -> None:
    assert is_compressed(get(kind))


@with_own_pages
@pytest.mark.parametrize("kind", ["small", "pdf", "png", "rows"])
def test_what_gains_nothing_is_left_alone(kind: str) -> None:
    response = get(kind)

    assert not is_compressed(response)
    assert "accept-encoding" not in response.get("Vary", "").lower()


@with_own_pages
def test_what_is_encoded_is_left_alone() -> None:
    response = get("encoded")

    assert response["Content-Encoding"] == "br"
    assert response.text == TEXT


@with_own_pages
def test_tag_of_a_compressed_page_is_weak() -> None:
    assert get("tagged")["ETag"] == 'W/"jazz"'
    assert get("tagged", accept_encoding="identity")["ETag"] == '"jazz"'


@with_own_pages
@pytest.mark.parametrize("asked", OTHER_SITES)
@pytest.mark.parametrize(
    "known",
    [
        {"cookie": "sessionid=abc"},
        {"cookie": "messages=abc"},
        {"cookie": f"csrftoken={CSRF_COOKIE}; sessionid=abc"},
        {"authorization": "Bearer abc"},
    ],
)
def test_secret_is_not_compressed_with_what_another_site_chose(
    asked: dict[str, str], known: dict[str, str]
) -> None:
    query = {"q": "a guess"}
    response = get(query=query, **asked, **known)
    assert not is_compressed(response)
    assert "accept-encoding" in response["Vary"].lower()
    assert is_compressed(get(query=query, **asked)), "for it is only about the secret"


@with_own_pages
@pytest.mark.parametrize("asked", VISITORS_OWN)
def test_secret_is_compressed_for_its_visitor(asked: dict[str, str]) -> None:
    assert is_compressed(get(cookie="sessionid=abc", **asked))


@with_own_pages
@pytest.mark.parametrize("asked", [*OTHER_SITES, *VISITORS_OWN])
def test_page_without_a_secret_is_compressed_whoever_asks(asked: dict[str, str]) -> None:
    assert is_compressed(get(query={"q": "jazz"}, **asked))
    assert is_compressed(get("token", cookie=f"csrftoken={CSRF_COOKIE}", **asked))


@with_own_pages
@pytest.mark.parametrize("asked", OTHER_SITES)
def test_page_that_begins_a_session_is_not_compressed(asked: dict[str, str]) -> None:
    assert not is_compressed(get("login", **asked))


def ask(site: LiveSite, method: str, path: str, encoding: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(site.url.removeprefix("http://"), timeout=30)
    connection.request(method, path, headers={"Accept-Encoding": encoding})
    response = connection.getresponse()
    response.content = response.read()
    connection.close()
    return response


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip"])
def test_server_sends_a_head_like_the_page_and_no_body(live_site: LiveSite, encoding: str) -> None:
    page = ask(live_site, "GET", "/accounts/login/", encoding)
    head = ask(live_site, "HEAD", "/accounts/login/", encoding)

    for response in (page, head):
        assert response.headers.get_all("Content-Encoding") == [encoding]
        assert len(response.headers.get_all("Content-Length")) == 1
        assert "Accept-Encoding" in response.headers["Vary"]
    assert "Log in" in DECOMPRESS[encoding](page.content).decode()
    assert int(page.headers["Content-Length"]) == len(page.content)
    assert head.content == b""
