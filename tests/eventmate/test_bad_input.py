"""Whatever a visitor sends, the answer is a page or a refusal, never a failure of ours.

A new page goes into PAGES with the names of its query parameters; a new form into FORMS with the
names of its fields.
"""

from dataclasses import dataclass
from urllib.parse import quote_from_bytes

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bookings.access import access_token
from events.models import Event
from tests.factories import (
    BookingFactory,
    CategoryFactory,
    CityFactory,
    EventFactory,
    HoldFactory,
    HostFactory,
    TicketTypeFactory,
    UserFactory,
    days_from_now,
)

pytestmark = pytest.mark.django_db

FILTERS = [
    *["q", "location", "city", "category", "date", "date_from", "date_to", "when"],
    *["min_price", "max_price", "sort", "page"],
]
PAGES = {
    "/": ["page"],
    "/events/": FILTERS,
    "/event/jazz/": ["access"],
    "/event/jazz/event.ics": [],
    "/event/jazz/book/": ["again", "access"],
    "/event/jazz/review/": [],
    "/city/berlin/": FILTERS,
    "/category/music/": FILTERS,
    "/host/blue-room/": FILTERS,
    "/covers/music/jazz.svg": ["v"],
    "/favorites/": ["page"],
    "/hosting/": ["page"],
    "/bookings/": ["page"],
    "/bookings/HELD2222/": ["access"],
    "/bookings/HELD2222/confirm/": ["access"],
    "/bookings/HELD2222/cancel/": ["access"],
    "/bookings/DONE2222/": ["access"],
    "/accounts/login/": ["next"],
    "/accounts/signup/": ["next", "email"],
    "/accounts/logout/": ["next"],
    "/accounts/profile/": [],
    "/accounts/email/": [],
    "/accounts/password/reset/": ["next"],
    "/accounts/password/change/": ["next"],
    "/health/": ["verbose"],
    "/admin/login/": ["next"],
}
FORMS = {
    "/event/jazz/book/": ["idempotency_key", "quantity_1000007", "quantity_1000008"],
    "/event/jazz/review/": ["rating", "text"],
    "/event/jazz/favorite/": ["next"],
    "/bookings/HELD2222/confirm/": ["name", "email", "attendee_1", "payment_method"],
    "/bookings/HELD2222/extend/": ["access"],
    "/bookings/HELD2222/cancel/": ["access"],
    "/accounts/login/": ["login", "password", "remember", "next"],
    "/accounts/signup/": ["name", "email", "password1", "next"],
    "/accounts/password/reset/": ["email", "next"],
    "/accounts/password/change/": ["oldpassword", "password1", "password2"],
    "/accounts/email/": ["email", "action_add", "action_send", "action_remove", "action_primary"],
    "/accounts/profile/": ["name", "timezone", "language"],
    "/admin/login/": ["username", "password", "next"],
}
# Where a path takes what the visitor makes up.
PATHS = [
    "/{}/",
    "/event/{}/",
    "/event/{}/book/",
    "/event/{}/event.ics",
    "/event/{}/review/",
    "/event/{}/favorite/",
    "/city/{}/",
    "/category/{}/",
    "/host/{}/",
    "/covers/{}/jazz.svg",
    "/covers/music/{}.svg",
    "/bookings/{}/",
    "/bookings/{}/confirm/",
    "/bookings/{}/cancel/",
    "/media/{}",
    "/media/events/1/{}",
    "/static/{}",
    "/accounts/confirm-email/{}/",
    "/accounts/password/reset/key/{}-{}/",
    "/health/{}/",
]

NASTY = [
    *["", " ", "\0", "a\0b", "%00", "%", "'", '"', "\\", ";", "--", "../../etc/passwd", "{{ 1 }}"],
    *["0", "-1", "1.5", "1e9999", "-0", "٣", "2147483648", "9" * 19, "9" * 5000, "NaN", "Infinity"],
    *["0000-00-00", "2026-02-30", "9999-12-31", "10000-01-01", "-2026-01-01", "0001-01-01"],
    *[
        "2026-W01",
        "today",
        "weekend",
        "price",
        "-price",
        "None",
        "null",
        "true",
        "[]",
        "a" * 20_000,
    ],
    *["//evil.example", "https://evil.example", "javascript:alert(1)", "https://[", "http://[::1"],
    *[
        "e\u0301",
        "\u202e",
        "\ufeff",
        "\U0001f3b7",
        "\ud7ff",
        "ß",
        "İ",
        "a@b",
        "a@xn--",
        "ſ@ſ.example",
    ],
    *["a & b | c ! d", "<->", ":*", "foo:bar", "((", "00000000-0000-0000-0000-000000000000"],
]
BYTES = (
    st.sampled_from(NASTY).map(str.encode)
    | st.binary(max_size=60)
    | st.text(max_size=60).map(str.encode)
    | st.integers().map(lambda number: str(number).encode())
    | st.dates().map(lambda date: date.isoformat().encode())
)

hypothesis_settings = settings(
    max_examples=20,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass
class Site:
    anonymous: Client
    member: Client
    # A visitor who has the signed link to the bookings.
    holder: dict[str, str]

    def clients(self) -> list[Client]:
        return [self.anonymous, self.member]


@pytest.fixture
def site(settings) -> Site:
    """Something of everything, at the addresses in PAGES."""
    settings.ACCOUNT_RATE_LIMITS = False
    host = HostFactory(slug="blue-room")
    place = {"city": CityFactory(slug="berlin"), "category": CategoryFactory(slug="music")}
    event = EventFactory(slug="jazz", host=host, **place)
    TicketTypeFactory(pk=1_000_007, event=event)
    hold = HoldFactory(reference="HELD2222", event=event, tickets=[TicketTypeFactory(event=event)])
    done = BookingFactory(reference="DONE2222", event=event)
    member = Client(raise_request_exception=False)
    user = UserFactory(name="Ada")
    BookingFactory(event=event, user=user)
    member.force_login(user)
    return Site(
        anonymous=Client(raise_request_exception=False),
        member=member,
        holder={booking.reference: access_token(booking) for booking in (hold, done)},
    )


def encoded(fields: dict[str, bytes]) -> str:
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in fields.items())


def fields_of(names: list[str]) -> st.SearchStrategy[dict[str, bytes]]:
    known = st.dictionaries(st.sampled_from(names), BYTES) if names else st.just({})
    stray = st.dictionaries(st.just("stray"), BYTES)
    return st.builds(lambda one, other: one | other, known, stray)


def assert_answered(response) -> None:
    assert response.status_code < 500, (response.status_code, response.request)


@pytest.mark.parametrize("path", PAGES)
def test_query_is_answered(site: Site, path: str) -> None:
    @hypothesis_settings
    @given(fields=fields_of(PAGES[path]))
    def ask(fields: dict[str, bytes]) -> None:
        for client in site.clients():
            assert_answered(client.get(path, QUERY_STRING=encoded(fields)))

    ask()


@pytest.mark.parametrize("path", FORMS)
def test_form_is_answered(site: Site, path: str) -> None:
    @hypothesis_settings
    @given(fields=fields_of(FORMS[path]))
    def send(fields: dict[str, bytes]) -> None:
        for client in site.clients():
            response = client.post(
                path + access_query(site, path),
                encoded(fields),
                content_type="application/x-www-form-urlencoded",
            )
            assert_answered(response)

    send()


def access_query(site: Site, path: str) -> str:
    tokens = [token for reference, token in site.holder.items() if reference in path]
    return f"?access={tokens[0]}" if tokens else ""


@pytest.mark.parametrize("pattern", PATHS)
def test_made_up_path_is_answered(site: Site, pattern: str) -> None:
    @hypothesis_settings
    @given(part=BYTES)
    @example(part=b"9" * 5000)
    def ask(part: bytes) -> None:
        path = pattern.replace("{}", quote_from_bytes(part, safe=""))
        for client in site.clients():
            assert_answered(client.get(path))
            assert_answered(client.post(path))

    ask()


@pytest.mark.parametrize("path", PAGES)
def test_any_method_is_answered(site: Site, path: str) -> None:
    for method in ("head", "options", "post", "put", "patch", "delete", "trace"):
        for client in site.clients():
            assert_answered(getattr(client, method)(path))


@pytest.mark.parametrize(
    "header",
    [
        *["accept", "accept-language", "content-type", "cookie", "range"],
        *["if-modified-since", "if-none-match"],
        *["referer", "user-agent", "x-forwarded-for", "x-forwarded-proto", "x-requested-with"],
    ],
)
def test_header_is_answered(site: Site, header: str) -> None:
    @hypothesis_settings
    @given(value=BYTES)
    def ask(value: bytes) -> None:
        text = value.decode("latin-1").translate({ord(c): None for c in "\r\n\0"})
        sent = f"sessionid={text}; csrftoken={text}" if header == "cookie" else text
        for path in ("/", "/events/", "/accounts/login/"):
            assert_answered(site.anonymous.get(path, headers={header: sent}))
        assert_answered(site.anonymous.post("/accounts/login/", headers={header: sent}))

    ask()


@pytest.mark.parametrize(
    "quantity", ["-1", "-" + "9" * 30, "9" * 30, "1e3", "0x10", "1.5", "three"]
)
def test_impossible_quantity_holds_nothing(site: Site, quantity: str) -> None:
    response = site.anonymous.post(
        "/event/jazz/book/",
        {"idempotency_key": "6b2f1f6e-6f0c-4a52-9a50-3f4b1a3f7d10", "quantity_1000007": quantity},
    )

    assert 400 <= response.status_code < 500
    assert Event.objects.get(slug="jazz").bookings.count() == 3


@pytest.mark.parametrize("page", ["", "confirm/", "cancel/"])
@pytest.mark.parametrize(
    "tamper",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token[::-1],
        lambda token: token.swapcase(),
        lambda token: "\u00e9" * 43,
    ],
)
def test_tampered_link_to_a_booking_is_a_404(site: Site, page: str, tamper) -> None:
    path = f"/bookings/HELD2222/{page}"
    token = site.holder["HELD2222"]
    assert site.anonymous.get(path, {"access": token}).status_code in (200, 302)

    for client in site.clients():
        assert client.get(path, {"access": tamper(token)}).status_code == 404


def test_link_to_one_booking_does_not_open_another(site: Site) -> None:
    access = {"access": site.holder["DONE2222"]}

    assert site.anonymous.get("/bookings/DONE2222/", access).status_code == 200
    assert site.anonymous.get("/bookings/HELD2222/", access).status_code == 404


def test_event_at_the_edge_of_the_calendar_is_shown(site: Site) -> None:
    EventFactory(slug="far", starts_at=days_from_now(365 * 70))

    for path in ("/", "/events/", "/event/far/", "/event/far/event.ics"):
        assert_answered(site.anonymous.get(path))
