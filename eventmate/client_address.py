"""Who asks: the visitor's address, also behind proxies."""

import ipaddress
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Letters of a header that is kept when it was read: what visitors make up at length is not.
MOST_KEPT = 64
# Those who were read last, of whom most come again within seconds.
MOST_VISITORS = 1_000

# The peer on a Unix socket has none.
NO_ADDRESS = "local"


def client_address(request: HttpRequest) -> str:
    return address_of(request.META)


def address_of(environ: Mapping[str, Any]) -> str:
    """The address of the peer or, where that is a trusted proxy, the one that it speaks for.

    Trusted are `settings.TRUSTED_PROXIES` and a Unix socket. Proxies append to X-Forwarded-For, so
    the rightmost address that is not a trusted one is the visitor's; what stands before it, the
    visitor may have made up. Where the header cannot be read, it is the peer's address.
    """
    peer = environ.get("REMOTE_ADDR", "")
    forwarded = environ.get("HTTP_X_FORWARDED_FOR", "")
    read = _visitor if len(forwarded) < MOST_KEPT else _visitor.__wrapped__
    return read(peer, forwarded, frozenset(settings.TRUSTED_PROXIES))


def is_from_trusted_proxy(environ: Mapping[str, Any]) -> bool:
    """Whether the peer is one that is believed what it says of the request."""
    peer = _parse(environ.get("REMOTE_ADDR", ""))
    return peer is None or _is_trusted(peer)


def is_forgotten_proxy(request: HttpRequest) -> bool:
    """Whether the peer seems to be a proxy of the operator's that is not trusted."""
    peer = _parse(request.META.get("REMOTE_ADDR", ""))
    speaks_for_others = "HTTP_X_FORWARDED_FOR" in request.META
    return speaks_for_others and peer is not None and peer.is_private and not _is_trusted(peer)


@lru_cache(maxsize=MOST_VISITORS)
def network_of(address: str) -> str:
    """What one visitor has to themselves: an IPv4 address, or the /64 of an IPv6 address, in which
    they may have a new address for each request.
    """
    parsed = _parse(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(parsed), 64), strict=False))
    return str(parsed or address)


def without_port(text: str) -> str:
    """The address of 192.0.2.1:8080 or [2001:db8::1]:8080, as some proxies write it."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _parse(text: str) -> Address | None:
    text = without_port(text.strip())
    return _parse_short(text) if len(text) < MOST_KEPT else None


@lru_cache(maxsize=MOST_VISITORS)
def _parse_short(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    # One visitor, one spelling: ::ffff:192.0.2.1 is 192.0.2.1.
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=MOST_VISITORS)
def _visitor(peer_text: str, forwarded: str, trusted: frozenset[Network]) -> str:
    peer = _parse(peer_text)
    if peer and not _is_in(trusted, peer):
        return str(peer)
    for hop in map(_parse, reversed(forwarded.split(","))):
        if hop is None:
            break
        if not _is_in(trusted, hop):
            return str(hop)
    return str(peer or NO_ADDRESS)


def _is_trusted(address: Address) -> bool:
    return _is_in(settings.TRUSTED_PROXIES, address)


def _is_in(networks: Iterable[Network], address: Address) -> bool:
    return any(address in network for network in networks)
