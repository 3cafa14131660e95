"""Limits on a running site: Gunicorn with several workers, and Redis."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from loadtests.site import LiveSite, serving
from tests.eventmate.limits.asking import Form, ask, passed, statuses
from tests.eventmate.machine import wait_until
from tests.eventmate.one_worker import only

WORKERS = 4
# Of a day: each client's ends at a time of its own, which is hardly ever that of a test.
LIMIT = "100/d"
FORMS = [
    Form("/accounts/login/"),
    Form("/accounts/signup/"),
    Form("/accounts/password/reset/"),
    Form("/event/none/book/"),
    Form("/event/none/review/"),
]

pytestmark = [pytest.mark.usefixtures("redis_url"), pytest.mark.timeout(300)]


@contextmanager
def limited_site(database_url: str, data: Path, more: Mapping[str, str]) -> Iterator[LiveSite]:
    """Where visitors' addresses are those that the proxy on this machine tells."""
    scopes = (
        "DEFAULT",
        "SEARCH",
        "SUGGEST",
        "FILES",
        "LOGIN",
        "SIGNUP",
        "RESET",
        "BOOKING",
        "REVIEW",
    )
    environment = {
        "RATE_LIMIT_ENABLED": "1",
        "TRUSTED_PROXIES": "127.0.0.1",
        # Given up, Redis counts nothing: a machine that stands still for a moment is no reason.
        "REDIS_TIMEOUT": "10",
        **{f"RATE_LIMIT_{scope}": LIMIT for scope in scopes},
        **more,
    }
    with serving(database_url, data, workers=WORKERS, more=environment) as site:
        yield site


@pytest.fixture(scope="module")
def site(live_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with limited_site(live_database_url, tmp_path_factory.mktemp("limited"), {}) as running:
        yield running


def from_address(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.path)
def test_of_400_forms_at_once_just_the_limit_is_taken(site: LiveSite, form: Form) -> None:
    answered = statuses(
        lambda _: ask(site, form=form, headers=from_address("192.0.2.1")), times=400
    )

    assert passed(answered) == 100, answered
    assert answered[403] == 0


def test_pages_are_within_a_tenth_of_the_limit(site: LiveSite) -> None:
    answered = statuses(lambda _: ask(site, headers=from_address("192.0.2.2")), times=400)

    assert 100 <= passed(answered) <= 110


def test_searches_are_within_a_tenth_of_the_limit(site: LiveSite) -> None:
    answered = statuses(
        lambda _: ask(site, "/events/?q=jazz", headers=from_address("192.0.2.3")),
        times=200,
        at_once=8,  # unlike the others, this page is work
    )

    assert 100 <= passed(answered) <= 110
    assert ask(site, "/events/", headers=from_address("192.0.2.3")).status == 200


def test_what_a_visitor_makes_up_before_the_proxys_word_counts_for_nothing(site: LiveSite) -> None:
    def spoof(number: int) -> dict[str, str]:
        return from_address(f"203.0.113.{number % 250}, 192.0.2.4")

    assert 100 <= passed(statuses(lambda n: ask(site, headers=spoof(n)), times=300)) <= 110


def test_addresses_of_one_ipv6_network_are_one_client(site: LiveSite) -> None:
    def hop(number: int) -> dict[str, str]:
        return from_address(f"2001:db8:0:1::{number:x}")

    assert 100 <= passed(statuses(lambda n: ask(site, headers=hop(n)), times=300)) <= 110
    assert ask(site, headers=from_address("2001:db8:0:2::1")).status == 404


@pytest.mark.parametrize(
    "header", ["junk", "::ffff:999.1.1.1", ",,,", "\xff\xfe", "[::1", "1" * 5000, "fe80::1%25eth0"]
)
def test_garbage_is_no_error(site: LiveSite, header: str) -> None:
    assert ask(site, headers=from_address(header)).status in (404, 429)


def test_each_without_redis_counts_alone(live_database_url: str, tmp_path: Path) -> None:
    with limited_site(live_database_url, tmp_path, {"REDIS_URL": ""}) as alone:
        through = passed(statuses(lambda _: ask(alone), times=1000))

    # What the count of all workers prevents.
    assert 110 < through <= WORKERS * 100


def test_untrusted_proxys_word_counts_for_nothing(live_database_url: str, tmp_path: Path) -> None:
    with limited_site(live_database_url, tmp_path, {"TRUSTED_PROXIES": ""}) as site:
        answered = statuses(
            lambda number: ask(site, headers=from_address(f"203.0.113.{number % 250}")), times=300
        )

    assert 100 <= passed(answered) <= 110


def test_health_checks_and_static_files_are_under_no_limit(site: LiveSite) -> None:
    headers = from_address("192.0.2.5")
    passed(statuses(lambda _: ask(site, headers=headers), times=200))

    for worker in site.workers():
        with only(site, worker):
            # One that had none of those requests lets its share through before it asks the others.
            wait_until(lambda: ask(site, headers=headers).status == 429)
            for path in ("/health/live/", "/static/img/favicon.svg"):
                reply = ask(site, path, headers=headers)
                assert reply.status == 200
                assert "RateLimit" not in reply.headers


def test_limits_can_be_switched_off(live_database_url: str, tmp_path: Path) -> None:
    with limited_site(live_database_url, tmp_path, {"RATE_LIMIT_ENABLED": "0"}) as unlimited:
        assert passed(statuses(lambda _: ask(unlimited), times=200)) == 200
        assert "RateLimit" not in ask(unlimited).headers
