"""Who asks: the visitor's address, also behind proxies."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# The peer on a Unix socket has none.
NO_ADDRESS = "local"


def client_address(request: HttpRequest) -> str:
    """The address of the peer or, where that is a trusted proxy, the one that it speaks for.

    Trusted are `settings.TRUSTED_PROXIES` and a Unix socket. Proxies append to X-Forwarded-For, so
    the rightmost address that is not a trusted one is the visitor's; what stands before it, the
    visitor may have made up. Where the header cannot be read, it is the peer's address.
    """
    peer = _parse(request.META.get("REMOTE_ADDR", ""))
    if peer and not _is_trusted(peer):
        return str(peer)
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    for hop in map(_parse, reversed(hops)):
        if hop is None:
            break
        if not _is_trusted(hop):
            return str(hop)
    return str(peer or NO_ADDRESS)


def _parse(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    # One visitor, one spelling: ::ffff:192.0.2.1 is 192.0.2.1.
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)
