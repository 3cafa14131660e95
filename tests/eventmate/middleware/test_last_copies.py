"""Which pages are kept and shown, on pages of these tests' own. test_last_copies_live.py has the
site's, and a PostgreSQL that is down.
"""

import threading
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import path

from eventmate.last_copies import keeps_last_copy
from eventmate.middleware.deadline import RequestIsLate
from eventmate.middleware.last_copies import keep_last_copies

PAGE = "<main id=main><p>{}</p></main>"
CSRF_COOKIE = "a" * 32
database = SimpleNamespace(is_down=False, has_page=True)


def answer(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
    if database.is_down:
        raise OperationalError("down")
    if not database.has_page:
        raise Http404
    if kind == "streaming":
        return StreamingHttpResponse([PAGE.format("rows")])
    response = HttpResponse(PAGE.format(get_token(request) if kind == "token" else "Jazz"))
    match kind:
        case "cookie":
            response.set_cookie("greeting", "hello")
        case "private" | "no-store":
            response["Cache-Control"] = kind
        case "varying":
            response["Vary"] = "Accept-Language"
        case "gone":
            response.status_code = 410
    return response


@keeps_last_copy()
def page(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
    return answer(request, kind, key)


@keeps_last_copy(ignores_query=True)
def page_for_any_query(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
    return answer(request, kind, key)


handler400 = "eventmate.errors.bad_request"
handler500 = "eventmate.errors.server_error"
urlpatterns = [
    path("page/<str:kind>/<str:key>/", page),
    path("any-query/<str:kind>/<str:key>/", page_for_any_query),
    path("unmarked/<str:kind>/<str:key>/", answer),
]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def database_is_up() -> None:
    database.is_down, database.has_page = False, True


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def new(kind: str = "plain", view: str = "page") -> str:
    """An address that nobody has asked for."""
    return f"/{view}/{kind}/{uuid.uuid4()}/"


def test_page_is_shown_as_it_was_and_says_so(client: Client) -> None:
    address = new()
    fresh = client.get(address)
    assert fresh.content.decode() == PAGE.format("Jazz")
    assert "Age" not in fresh

    database.is_down = True
    copy = client.get(address)
    assert copy.status_code == 200
    assert copy.text.startswith("<main id=main><div")
    assert copy.text.endswith("<p>Jazz</p></main>")
    assert "as it was" in copy.text
    assert copy["Age"].isdecimal()
    assert copy["Cache-Control"] == "no-store"
    assert "EventMate; hit" in copy["Cache-Status"]
    assert copy["Content-Type"] == fresh["Content-Type"]
    assert client.head(address).status_code == 200


@pytest.mark.parametrize(("query", "status"), [("", 503), ("?page=9", 200)])
def test_page_that_was_taken_down_stays_down(client: Client, query: str, status: int) -> None:
    """With a query, it may be that which finds nothing."""
    address = new(view="any-query")
    assert client.get(address).status_code == 200
    database.has_page = False
    assert client.get(address + query).status_code == 404

    database.is_down = True

    assert client.get(address).status_code == status


def test_page_never_seen_is_unavailable(client: Client) -> None:
    database.is_down = True

    response = client.get(new())
    assert response.status_code == 503
    assert response["Retry-After"]


@pytest.mark.parametrize(
    "kind", ["cookie", "token", "private", "no-store", "varying", "gone", "streaming"]
)
def test_page_that_may_be_for_one_visitor_is_not_kept(client: Client, kind: str) -> None:
    address = new(kind)
    assert client.get(address).status_code in (200, 410)
    client.cookies.clear()

    database.is_down = True
    assert client.get(address).status_code == 503


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "sessionid=abc"},
        {"cookie": "messages=abc"},
        {"cookie": f"csrftoken={CSRF_COOKIE}; theirs=1"},
        {"authorization": "Bearer abc"},
    ],
)
def test_page_of_a_visitor_of_whom_something_is_known_is_not_kept(
    client: Client, headers: dict[str, str]
) -> None:
    address = new()
    client.get(address, headers=headers)

    database.is_down = True
    assert client.get(address).status_code == 503


@pytest.mark.parametrize("headers", [{}, {"cookie": f"csrftoken={CSRF_COOKIE}"}])
def test_copy_is_shown_to_everyone(client: Client, headers: dict[str, str]) -> None:
    address = new()
    client.get(address, headers=headers)

    database.is_down = True
    for visitor in ({}, {"cookie": "sessionid=abc"}, {"authorization": "Bearer abc"}):
        assert client.get(address, headers=visitor).status_code == 200


def test_other_methods_and_unmarked_pages_get_no_copy(client: Client) -> None:
    address, unmarked = new(), new(view="unmarked")
    client.get(address)
    client.get(unmarked)

    database.is_down = True
    assert client.post(address).status_code == 503
    assert client.get(unmarked).status_code == 503


def test_query_has_the_copy_of_a_view_that_ignores_it(client: Client) -> None:
    with_any, with_none, with_one = new(view="any-query"), new(), new(view="any-query")
    client.get(with_any)
    client.get(with_none)
    client.get(with_one, {"from": "here"})

    database.is_down = True
    assert client.get(with_any, {"from": "there"}).status_code == 200
    assert client.get(with_none, {"page": 2}).status_code == 503
    assert client.get(with_one).status_code == 503, "only pages without a query are kept"


def test_copy_is_of_the_site_however_its_host_is_written(client: Client, settings) -> None:
    settings.ALLOWED_HOSTS = ["one.example.org"]
    address = new()
    client.get(address, headers={"host": "one.example.org"})

    database.is_down = True
    assert client.get(address, headers={"host": "ONE.example.org:8443"}).status_code == 200
    assert client.get(address, headers={"host": "two.example.org"}).status_code == 400


def test_copies_can_be_switched_off(settings) -> None:
    settings.LAST_COPY_MAX_AGE = 0
    client = Client(raise_request_exception=False)
    address = new()
    client.get(address)

    database.is_down = True
    assert client.get(address).status_code == 503


class Visits:
    """Visitors of one process, in which the database is asked by a function of the test's."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self.asked = 0
        self.address = new()

        def respond(request: HttpRequest) -> HttpResponseBase:
            self.asked += 1
            response = HttpResponse(PAGE.format(ask()))
            if database.is_down:
                response = HttpResponse("sorry", status=503)
                response.is_outage_page = True
            return response

        self._visit = keep_last_copies(respond)

    def visit(self) -> HttpResponseBase:
        return self._visit(RequestFactory().get(self.address))

    def visit_until(self, happened: threading.Event) -> None:
        while not happened.is_set():
            self.visit()


def test_during_an_outage_one_request_tries_the_database_and_the_others_do_not_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting, go_on = threading.Event(), threading.Event()
    is_slow = False

    def ask() -> str:
        if is_slow:
            waiting.set()
            assert go_on.wait(30)
        return "Jazz"

    visits = Visits(ask)
    visits.visit()
    database.is_down = True
    monkeypatch.setattr("eventmate.outage.PAUSE", 0)
    assert "Age" in visits.visit()
    assert visits.asked == 2

    monkeypatch.setattr("eventmate.outage.PAUSE", 60)
    is_slow = True
    trying = threading.Thread(target=visits.visit_until, args=(waiting,))
    trying.start()
    try:
        assert waiting.wait(30)
        assert "Age" in visits.visit()
        assert visits.asked == 3
    finally:
        database.is_down = False
        go_on.set()
        trying.join()

    assert "Age" not in visits.visit(), "the one that tried has found that it is over"
    assert visits.asked == 4


def test_after_an_outage_was_seen_nobody_tries_for_a_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("eventmate.outage.PAUSE", 60)
    visits = Visits(lambda: "Jazz")
    visits.visit()
    database.is_down = True
    visits.visit()
    asked = visits.asked

    for _ in range(5):
        assert "Age" in visits.visit()
    assert visits.asked == asked


def test_page_that_came_too_late_spares_the_next_visitors_the_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("eventmate.outage.PAUSE", 60)
    late = False

    def ask() -> str:
        if late:
            raise RequestIsLate
        return "Jazz"

    visits = Visits(ask)
    visits.visit()
    late = True
    with pytest.raises(RequestIsLate):
        visits.visit()

    assert "Age" in visits.visit()
    assert visits.asked == 2


def test_page_that_came_too_late_while_others_were_answered_leaves_them_alone() -> None:
    is_busy = False

    def ask() -> str:
        nonlocal is_busy
        if is_busy:
            is_busy = False
            visits.visit()
            raise RequestIsLate
        return "Jazz"

    visits = Visits(ask)
    visits.visit()
    is_busy = True
    with pytest.raises(RequestIsLate):
        visits.visit()

    assert "Age" not in visits.visit()
