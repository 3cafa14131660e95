"""Who may see the figures."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.test import Client

TOKEN = "correct horse battery staple"
PATHS = ["/health/detailed/", "/metrics/"]
ELSEWHERE = "203.0.113.9"

pytestmark = pytest.mark.parametrize("path", PATHS)


@pytest.fixture(autouse=True)
def token(settings: Any) -> None:
    settings.OPERATOR_TOKEN = TOKEN


def status(path: str, peer: str, **headers: str) -> int:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().get(path, REMOTE_ADDR=peer, headers=headers).status_code


def test_token_opens_the_figures_from_anywhere(path: str) -> None:
    assert status(path, ELSEWHERE, authorization=f"Bearer {TOKEN}") == 200
    assert status(path, ELSEWHERE, authorization=f"bearer {TOKEN}") == 200
    assert status(path, "", authorization=f"Bearer {TOKEN}", x_forwarded_for=ELSEWHERE) == 200


WRONG = ["", "Bearer", "Bearer ", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}e", f"Basic {TOKEN}"]


@pytest.mark.parametrize("authorization", [*WRONG, TOKEN, "Bearer \xe9\xff"])
def test_anything_else_does_not(path: str, authorization: str) -> None:
    assert status(path, ELSEWHERE, authorization=authorization) == 403


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer ", "Bearer None"])
def test_site_without_a_token_takes_none(path: str, authorization: str, settings: Any) -> None:
    settings.OPERATOR_TOKEN = ""

    assert status(path, ELSEWHERE, authorization=authorization) == 403


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_needs_no_token(path: str, peer: str) -> None:
    assert status(path, peer) == 200


@pytest.mark.parametrize("peer", [ELSEWHERE, "10.0.0.1", "::ffff:10.0.0.1", "", "unknown"])
def test_other_machines_and_sockets_do(path: str, peer: str) -> None:
    assert status(path, peer) == 403


@pytest.mark.parametrize(
    "header",
    ["x_forwarded_for", "x_forwarded_proto", "x_forwarded_host", "forwarded", "x_real_ip", "via"],
)
@pytest.mark.parametrize("value", [ELSEWHERE, "127.0.0.1", ""])
def test_what_a_proxy_on_this_machine_passes_on_is_not_local(
    path: str, header: str, value: str
) -> None:
    assert status(path, "127.0.0.1", **{header: value}) == 403


def test_who_claims_to_be_local_is_not(path: str) -> None:
    assert status(path, ELSEWHERE, x_forwarded_for="127.0.0.1") == 403


@pytest.fixture
def networks(settings: Any) -> None:
    """Of the operators; and a proxy that is trusted in one of them."""
    settings.OPERATOR_NETWORKS = [ip_network("10.1.0.0/16"), ip_network("2001:db8:7::/48")]
    settings.TRUSTED_PROXIES = [ip_network("10.1.0.1")]


@pytest.mark.usefixtures("networks")
class TestNetworks:
    @pytest.mark.parametrize("peer", ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8:7::9"])
    def test_open_the_figures_to_their_machines(self, path: str, peer: str) -> None:
        assert status(path, peer) == 200

    @pytest.mark.parametrize("peer", ["10.2.2.3", "2001:db8:8::9", ELSEWHERE, ""])
    def test_and_to_no_others(self, path: str, peer: str) -> None:
        assert status(path, peer) == 403

    def test_also_through_a_trusted_proxy_that_says_who_asks(self, path: str) -> None:
        assert status(path, "10.1.0.1", x_forwarded_for="10.1.2.3") == 200
        assert status(path, "10.1.0.1", x_forwarded_for=ELSEWHERE) == 403
        assert status(path, "10.1.0.1", x_forwarded_for=f"10.1.2.3, {ELSEWHERE}") == 403

    @pytest.mark.parametrize("header", ["x_forwarded_for", "x_forwarded_proto", "via"])
    def test_not_to_whoever_comes_through_a_proxy_in_them(self, path: str, header: str) -> None:
        assert status(path, "10.1.0.9", **{header: ELSEWHERE}) == 403

    @pytest.mark.parametrize("said", ["", "unknown", "10.1.0.1"])
    def test_not_where_a_trusted_proxy_does_not_say_who_asks(self, path: str, said: str) -> None:
        assert status(path, "10.1.0.1", x_forwarded_for=said) == 403

    def test_nobody_gets_in_by_claiming_to_be_there(self, path: str) -> None:
        assert status(path, ELSEWHERE, x_forwarded_for="10.1.2.3") == 403


def test_refusal_says_what_to_do_in_one_line_and_no_figures(path: str) -> None:
    response = Client().get(path, REMOTE_ADDR=ELSEWHERE)

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert "OPERATOR_TOKEN" in response.text
    assert response.text.count("\n") == 1
