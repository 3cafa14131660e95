import ipaddress

import pytest
from django.test import RequestFactory

from eventmate.client_address import client_address, network_of


@pytest.fixture(autouse=True)
def trusted_proxies(settings) -> None:
    settings.TRUSTED_PROXIES = [
        ipaddress.ip_network(network) for network in ("127.0.0.1", "10.0.0.0/8", "fd00::/8")
    ]


def address(peer: str, forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))


def test_visitor_without_proxy_is_the_peer_whatever_the_header_says() -> None:
    assert address("192.0.2.1") == "192.0.2.1"
    assert address("192.0.2.1", "198.51.100.7") == "192.0.2.1"


def test_visitor_behind_proxies_is_the_last_that_none_of_them_made_up() -> None:
    assert address("10.0.0.1", "198.51.100.7") == "198.51.100.7"
    assert address("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2") == "198.51.100.7"
    assert address("fd00::1", "2001:db8::7") == "2001:db8::7"


@pytest.mark.parametrize("header", [None, "", "unknown", "203.0.113.9, junk", "a" * 9999, "1.2.3"])
def test_unreadable_header_leaves_the_peer(header: str | None) -> None:
    assert address("10.0.0.1", header) == "10.0.0.1"


def test_one_visitor_has_one_spelling() -> None:
    assert address("::ffff:192.0.2.1") == "192.0.2.1"
    assert address("::ffff:10.0.0.1", " ::ffff:198.51.100.7 ") == "198.51.100.7"
    assert address("10.0.0.1", "198.51.100.7:40123") == "198.51.100.7"
    assert address("10.0.0.1", "[2001:db8::7]:40123") == "2001:db8::7"


def test_proxy_on_a_unix_socket_is_trusted() -> None:
    assert address("", "198.51.100.7") == "198.51.100.7"
    assert address("") == "local"


def test_visitor_has_an_ipv4_address_or_a_64_of_ipv6() -> None:
    assert network_of("192.0.2.1") == "192.0.2.1"
    assert network_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert (
        network_of("2001:db8:0:1:2:3:4:5") == network_of("2001:db8:0:1::9") == "2001:db8:0:1::/64"
    )
    assert network_of("2001:db8:0:2::9") == "2001:db8:0:2::/64"
    assert network_of("fe80::1%eth0") == "fe80::/64"
    assert network_of("local") == "local"
