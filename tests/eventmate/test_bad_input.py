"""Whatever a visitor sends, the answer is a page or a refusal, never a failure of ours.

What pages and forms there are is in site.py: a new one goes there.
"""

from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from events.models import Event
from tests.eventmate.addresses import FORMS, PAGES, PATHS
from tests.eventmate.site import Site, build_site
from tests.factories import EventFactory, days_from_now

pytestmark = pytest.mark.django_db

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
    max_examples=10,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def site(settings) -> Site:
    settings.ACCOUNT_RATE_LIMITS = False
    return build_site()


def encoded(fields: dict[str, bytes]) -> str:
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in fields.items())


def fields_of(names: list[str]) -> st.SearchStrategy[dict[str, bytes]]:
    known = st.dictionaries(st.sampled_from(names), BYTES) if names else st.just({})
    stray = st.dictionaries(st.just("stray"), BYTES)
    return st.builds(lambda one, other: one | other, known, stray)


def assert_answered(response) -> None:
    assert response.status_code < 500, (response.status_code, response.request)


@pytest.mark.parametrize("path", [*PAGES, *FORMS])
def test_address_is_one_that_somebody_reaches(site: Site, path: str) -> None:
    """Else what is sent to it would be answered by the page for what is not there."""
    reference = next((row for row in site.holder if row in path), "")
    access = {"access": site.holder.get(reference, "")}

    statuses = {client.get(path, access).status_code for client in site.clients()}

    assert statuses & {200, 302, 405, 409}, statuses


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


def test_event_at_the_edge_of_the_calendar_is_shown(site: Site) -> None:
    EventFactory(slug="far", starts_at=days_from_now(365 * 70))

    for path in ("/", "/events/", "/event/far/", "/event/far/event.ics"):
        assert_answered(site.anonymous.get(path))
