"""Text that no page can use is refused before any page sees it."""

import io
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.servers.basehttp import get_internal_wsgi_application
from django.test import Client

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
PATH = "/accounts/login/"


@pytest.fixture
def client(settings) -> Client:
    settings.ACCOUNT_RATE_LIMITS = False
    # Errors as visitors see them.
    return Client(raise_request_exception=False)


def get(client: Client, path: bytes = PATH.encode(), query: bytes = b"", **headers: str) -> int:
    """The status for these bytes, as a server hands them over."""
    wsgi = {"PATH_INFO": path.decode("latin-1"), "QUERY_STRING": query.decode("latin-1")}
    return client.get("/", **wsgi, **headers).status_code


def post(client: Client, body: bytes, content_type: str = FORM) -> int:
    # Unlike client.post(), this sends the body as it is in any charset.
    return client.generic("POST", PATH, body, content_type=content_type).status_code


@pytest.mark.parametrize("text", ["Zoë", "日本", "🎷", "a%b"])
def test_text_in_any_script_passes(client: Client, text: str) -> None:
    assert get(client, query=f"next={text}".encode()) == 200
    assert client.get(PATH, {"next": text}).status_code == 200
    assert client.post(PATH, {"login": text}).status_code == 200
    assert get(client, path=f"/nothing/{text}/".encode()) == 404


@pytest.mark.parametrize("path", [b"/nothing/a\0b/", b"/\0", b"/accounts/login/\0"])
def test_nul_in_the_path_is_refused(client: Client, path: bytes) -> None:
    assert get(client, path=path) == 400


@pytest.mark.parametrize("query", [b"q=\0", b"q=%00", b"%00", b"q=a&%00=b", b"q=%2500%00"])
def test_nul_in_the_query_is_refused(client: Client, query: bytes) -> None:
    assert get(client, query=query) == 400


def test_percent_sign_before_a_zero_is_text(client: Client) -> None:
    assert get(client, query=b"q=%2500") == 200


@pytest.mark.parametrize("path", [b"/nothing/\xff/", b"/nothing/\xc3\x28/", b"/\xed\xa0\x80/"])
def test_path_that_is_not_utf_8_is_not_found(client: Client, path: bytes) -> None:
    assert get(client, path=path) == 404


@pytest.mark.parametrize("query", [b"q=%ff", b"q=\xff", b"q=%ED%A0%80", b"%C3=1", b"q=%C0%80"])
def test_query_that_is_not_utf_8_is_refused(client: Client, query: bytes) -> None:
    assert get(client, query=query) == 400


@pytest.mark.parametrize("body", [b"login=\0", b"login=%00", b"%00=1", b"login=%ff", b"\xff=1"])
def test_malformed_form_is_refused(client: Client, body: bytes) -> None:
    assert post(client, b"login=ada%40example.com") == 200
    assert post(client, body) == 400


def test_nul_in_a_field_of_a_form_with_files_is_refused(client: Client) -> None:
    def body(value: str) -> bytes:
        field = f'Content-Disposition: form-data; name="login"\r\n\r\n{value}'
        return f"--b\r\n{field}\r\n--b--\r\n".encode()

    content_type = "multipart/form-data; boundary=b"
    assert post(client, body("ada"), content_type) == 200
    assert post(client, body("a\0da"), content_type) == 400


def test_form_larger_than_allowed_is_refused(client: Client, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    assert post(client, b"login=" + b"a" * 900) == 200
    assert post(client, b"login=" + b"a" * 1000) in (400, 413)


def through_server(method: str, path: str, query: str, body: bytes, content_type: str) -> int:
    """The status from the application that the server calls: Django's test client is another."""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    setup_testing_defaults(environ)
    statuses = []
    response = get_internal_wsgi_application()(environ, lambda *start: statuses.append(start[0]))
    response.close()
    return int(statuses[0].split()[0])


CHARSETS = [
    *["charset=base64", "charset=hex", "charset=utf-7", "charset=utf-16", "charset=idna"],
    *["charset=unicode_escape", "charset=rot13", "charset=no-such", "charset*=no-such''utf-8"],
    *["charset=utf-8", "charset*=utf-7''%2B2AA-"],
]


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("path", [PATH, "/health/live/"])
def test_charset_of_the_visitor_decodes_no_query(charset: str, path: str) -> None:
    for query in ("q=a", "q=%2B2AA-", "q=%5Cud800", "q=Zo%C3%AB"):
        assert through_server("GET", path, query, b"", f"text/plain; {charset}") == 200


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("value", ["ada", "+2AA-", r"\ud800"])
def test_charset_of_the_visitor_decodes_no_form(charset: str, value: str) -> None:
    part = f'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\n{value}\r\n--b--\r\n'
    bodies = {
        f"multipart/form-data; boundary=b; {charset}": part.encode(),
        f"{FORM}; {charset}": b"login=" + value.encode(),
    }

    for content_type, body in bodies.items():
        # The form was read, and has no CSRF token.
        assert through_server("POST", PATH, "", body, content_type) == 403


def test_other_bodies_are_left_alone(client: Client) -> None:
    assert post(client, b"\0\xff", "application/octet-stream") == 200


def test_nul_quoted_in_a_cookie_is_refused(client: Client) -> None:
    key = "a" * 32
    assert get(client, HTTP_COOKIE=f'sessionid="{key}"') == 200
    assert get(client, HTTP_COOKIE=f'sessionid="{key}\\000"') == 400


def test_refusal_is_a_page_of_the_site(client: Client) -> None:
    response = client.get(PATH, {"next": "\0"})

    assert response.status_code == 400
    assert "EventMate" in response.text


def test_trace_is_refused(client: Client) -> None:
    response = client.trace(PATH, headers={"x-secret": "42"})

    assert response.status_code == 405
    assert "TRACE" not in response["Allow"]
    assert "42" not in response.text
