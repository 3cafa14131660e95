"""What one process answers; limits over all workers are in tests/eventmate/limits/."""

import logging
import time
from collections.abc import Iterator
from io import BytesIO
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from eventmate.limits.rates import parse_rates
from eventmate.limits.site import site_limiter
from eventmate.metrics.instruments import PROCESS
from tests.factories import UserFactory

PAGE = "/accounts/login/"
POLICY = '"default-60s";q=3;w=60, "default-3600s";q=50;w=3600'

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limits(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three pages a minute, and two forms, of addresses that no other test has. The minute does not
    end between two requests of a test: the clock stands still.
    """
    settings.RATE_LIMIT_ENABLED = True
    settings.RATE_LIMITS = {
        scope: parse_rates("X", "2/m,50/h")
        for scope in (
            *(
                "files",
                "search",
                "suggest",
                "login",
                "signup",
                "reset",
                "booking",
                "review",
                "door",
            ),
        )
    } | {"default": parse_rates("X", "3/m,50/h")}
    settings.REDIS_URL = ""
    site_limiter.cache_clear()
    now = time.time()
    monkeypatch.setattr(site_limiter(), "_clock", lambda: now)
    monkeypatch.setattr("django_ratelimit.core.time", SimpleNamespace(time=lambda: now))
    yield
    site_limiter.cache_clear()


def new_address() -> str:
    return f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1"


def send(visitor: Client, path: str, body: str) -> HttpResponse:
    return visitor.post(path, body, content_type="application/x-www-form-urlencoded")


@pytest.fixture
def visitor() -> Client:
    return Client(REMOTE_ADDR=new_address())


def test_each_response_tells_what_is_left(visitor: Client) -> None:
    for left in (2, 1, 0):
        response = visitor.get(PAGE)
        assert response.status_code == 200
        assert response["RateLimit-Policy"] == POLICY
        name, remaining, reset = response["RateLimit"].split(";")
        assert (name, remaining) == ('"default-60s"', f"r={left}")
        assert 1 <= int(reset.removeprefix("t=")) <= 60
        assert response["X-RateLimit-Limit"] == "3"
        assert response["X-RateLimit-Remaining"] == str(left)
        assert int(response["X-RateLimit-Reset"]) > 1_700_000_000
        assert "Retry-After" not in response


def test_refusal_says_when_to_come_back(visitor: Client) -> None:
    for _ in range(3):
        visitor.get(PAGE)

    refused = visitor.get(PAGE)

    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["Cache-Control"] == "no-store"
    assert refused["X-RateLimit-Remaining"] == "0"
    assert refused["RateLimit-Policy"] == POLICY
    assert refused["RateLimit"].startswith('"default-60s";r=0;t=')
    assert f"You can go on in {refused['Retry-After']} second" in refused.text or (
        "You can go on in a second" in refused.text
    )
    assert "Content-Security-Policy" in refused


@pytest.mark.parametrize("accept", ["application/json", "application/json, text/html;q=0.5"])
def test_refusal_is_json_for_who_prefers_it(visitor: Client, accept: str) -> None:
    for _ in range(3):
        visitor.get(PAGE)

    refused = visitor.get(PAGE, headers={"accept": accept})

    assert refused.status_code == 429
    assert refused.json()["retry_after"] == int(refused["Retry-After"])
    assert "Too many requests" in refused.json()["error"]


@pytest.mark.parametrize("accept", ["", "junk", "*/*", ";;;", "text/html"])
def test_refusal_is_a_page_for_anybody_else(visitor: Client, accept: str) -> None:
    for _ in range(3):
        visitor.get(PAGE)

    refused = visitor.get(PAGE, headers={"accept": accept})

    assert refused.status_code == 429
    assert "One moment, please" in refused.text


def test_form_has_a_limit_of_its_own_that_pages_do_not_use_up(visitor: Client) -> None:
    for _ in range(4):
        page = visitor.get(PAGE)
    assert page.status_code == 429

    answers = [visitor.post(PAGE, {"login": "ada@example.com"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0]["RateLimit-Policy"].startswith('"login-60s";q=2;w=60')
    assert answers[0]["X-RateLimit-Remaining"] == "1"


def test_refused_form_is_in_the_page_to_be_sent_again(visitor: Client) -> None:
    body = "name=Ada+%22L%22+%3Cb%3E&attendee_1=Ada&attendee_1=Bea&csrfmiddlewaretoken=sent"

    answers = [send(visitor, "/bookings/NONE2222/confirm/", body) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [404, 404, 429]
    refused = answers[2]
    assert '<input type="hidden" name="name" value="Ada &quot;L&quot; &lt;b&gt;">' in refused.text
    assert refused.text.count('name="attendee_1"') == 2
    assert 'name="csrfmiddlewaretoken" value="sent"' in refused.text
    assert "Send it again" in refused.text


def test_form_over_the_limit_is_refused_before_it_is_taken_apart(visitor: Client) -> None:
    malformed = "name=%00"

    answers = [send(visitor, "/bookings/NONE2222/confirm/", malformed) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [400, 400, 429]


def test_password_is_never_in_the_page(visitor: Client) -> None:
    for _ in range(3):
        refused = send(visitor, PAGE, "login=ada%40example.com&password=my-secret-word")

    assert refused.status_code == 429
    assert "my-secret-word" not in refused.text
    assert "ada@example.com" not in refused.text
    assert "Nothing that you sent was taken" in refused.text


def test_large_form_and_one_with_files_are_not_in_the_page(visitor: Client) -> None:
    for _ in range(3):
        refused = send(visitor, "/event/none/book/", f"text={'long' * 6000}")
    assert refused.status_code == 429
    assert "longlong" not in refused.text

    refused = send(visitor, "/event/none/book/", "&".join(f"field{n}=short" for n in range(61)))
    assert refused.status_code == 429
    assert 'value="short"' not in refused.text

    refused = visitor.post("/event/none/book/", {"text": "short", "file": BytesIO(b"content")})
    assert refused.status_code == 429
    assert 'value="short"' not in refused.text
    assert "Nothing that you sent was taken" in refused.text


def test_account_is_counted_over_all_its_addresses(client: Client) -> None:
    user = UserFactory()
    answers = []
    for _ in range(4):
        hopping = Client(REMOTE_ADDR=new_address())
        hopping.force_login(user)
        answers.append(hopping.get("/accounts/profile/"))

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[1]["X-RateLimit-Remaining"] == "1"
    other = Client(REMOTE_ADDR=new_address())
    other.force_login(UserFactory())
    assert other.get("/accounts/profile/").status_code == 200


def test_form_of_an_account_is_counted_over_all_its_addresses() -> None:
    user = UserFactory()
    answers = []
    for _ in range(3):
        hopping = Client(REMOTE_ADDR=new_address())
        hopping.force_login(user)
        answers.append(hopping.post("/event/none/review/").status_code)

    assert answers == [404, 404, 429]


def test_address_is_counted_over_all_its_accounts(visitor: Client) -> None:
    answers = []
    for _ in range(4):
        visitor.force_login(UserFactory())
        answers.append(visitor.get("/accounts/profile/").status_code)

    assert answers == [200, 200, 200, 429]


def test_images_do_not_use_up_pages(visitor: Client) -> None:
    images = [visitor.get("/covers/music/jazz.svg") for _ in range(3)]
    assert [image.status_code for image in images] == [200, 200, 429]
    assert visitor.get(PAGE).status_code == 200


def test_count_does_not_make_a_public_image_vary_with_the_cookie(visitor: Client) -> None:
    visitor.force_login(UserFactory())
    assert "Cookie" not in visitor.get("/covers/music/jazz.svg").get("Vary", "")


def test_typing_into_a_search_box_does_not_use_up_the_searches(visitor: Client) -> None:
    for _ in range(3):
        suggested = visitor.get("/events/suggest/?q=jazz")

    assert suggested.status_code == 429
    assert suggested["RateLimit"].startswith('"suggest-')
    assert visitor.get("/events/?q=jazz").status_code == 200


def test_filter_is_a_search_and_turning_pages_is_none(visitor: Client) -> None:
    assert visitor.get("/events/?q=&page=1")["RateLimit"].startswith('"default-')
    for query in ("q=jazz", "q=jazz&q=", "category=music&category="):
        assert visitor.get(f"/events/?{query}")["RateLimit"].startswith('"search-')
    assert visitor.get("/?q=jazz")["RateLimit"].startswith('"default-')


def test_refusals_are_counted_and_the_first_is_in_the_log(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    def refusals() -> float:
        labels = {"scope": "default", "key": "address"}
        return PROCESS.get_sample_value("eventmate_rate_limit_refusals_total", labels) or 0

    before = refusals()
    with caplog.at_level(logging.INFO):
        for _ in range(8):
            visitor.get(PAGE)

    assert refusals() - before == 5
    [line] = [record for record in caplog.records if record.name != "eventmate.access"]
    assert line.getMessage() == "Refused: over 3 requests in 60 s"
    # No address of a person: a network that many share.
    assert line.address.startswith("2001:db8:")
    assert line.address.endswith("::/48")


def test_door_of_an_event_has_a_limit_of_its_own(visitor: Client) -> None:
    doors = ("door/", "tickets/1/check-in/", "tickets/1/check-in/undo/")
    answers = [send(visitor, f"/hosting/none/{door}", "") for door in doors]

    assert [answer.status_code for answer in answers] == [302, 302, 429]  # to the login at first
    assert visitor.get(PAGE).status_code == 200


@pytest.mark.parametrize(("peer", "lines"), [("10.9.8.7", 1), ("203.0.114.5", 0)])
def test_proxy_that_is_not_trusted_is_in_the_log(
    caplog: pytest.LogCaptureFixture, peer: str, lines: int
) -> None:
    visitor = Client(REMOTE_ADDR=peer, headers={"x-forwarded-for": "198.51.100.1"})
    for _ in range(6):
        visitor.get(PAGE)

    warnings = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert len(warnings) == lines
    assert all(f"{peer} tells for whom it asks" in warning for warning in warnings)


def test_without_limits_nothing_is_counted(settings) -> None:
    settings.RATE_LIMIT_ENABLED = False
    visitor = Client(REMOTE_ADDR=new_address())

    responses = [visitor.get(PAGE) for _ in range(6)]

    assert {response.status_code for response in responses} == {200}
    assert "RateLimit" not in responses[0]
