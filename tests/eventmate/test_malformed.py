"""Text that no page can use is refused before any page sees it."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
PATH = "/accounts/login/"


@pytest.fixture
def client() -> Client:
    # Errors as visitors see them.
    return Client(raise_request_exception=False)


def get(client: Client, path: bytes = PATH.encode(), query: bytes = b"", **headers: str) -> int:
    """The status for these bytes, as a server hands them over."""
    wsgi = {"PATH_INFO": path.decode("latin-1"), "QUERY_STRING": query.decode("latin-1")}
    return client.get("/", **wsgi, **headers).status_code


def post(client: Client, body: bytes, content_type: str = FORM) -> int:
    return client.post(PATH, body, content_type=content_type).status_code


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
