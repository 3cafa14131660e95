"""Who may see the figures, and what may be seen of a job."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from procrastinate.contrib.django.models import ProcrastinateJob

from eventmate.client_address import Address, client_address


def is_operator(request: HttpRequest) -> bool:
    """Whoever has the token, asks from one of their networks, or from this machine itself.

    Visitors come from this machine as well where a proxy runs on it: what a proxy has passed on is
    not local. A peer on a Unix socket is a proxy.
    """
    return (
        _has_token(request)
        or _is_in_their_networks(request)
        or (_is_from_here(request) and not _is_passed_on(request))
    )


def shown_arguments(job: ProcrastinateJob) -> str:
    """The arguments of a job for operators: without those that are secrets, such as a link that
    resets a password.
    """
    if job.queue_name in settings.SECRET_JOB_QUEUES:
        return "secret"
    return ", ".join(f"{name}={value!r}" for name, value in job.args.items())


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return (
        bool(settings.OPERATOR_TOKEN)
        and scheme.lower() == "bearer"
        and constant_time_compare(token.strip(), settings.OPERATOR_TOKEN)
    )


def _is_in_their_networks(request: HttpRequest) -> bool:
    """By the visitor's own address. A proxy that does not say whose request it passes on may be in
    such a network itself; its visitors are not.
    """
    address = _parse(client_address(request))
    if address is None or (address == _peer(request) and _is_passed_on(request)):
        return False
    return any(address in network for network in settings.OPERATOR_NETWORKS)


def _is_from_here(request: HttpRequest) -> bool:
    peer = _peer(request)
    return peer is not None and peer.is_loopback


def _peer(request: HttpRequest) -> Address | None:
    return _parse(request.META.get("REMOTE_ADDR", ""))


def _parse(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_passed_on(request: HttpRequest) -> bool:
    return request.is_secure() or any(
        name.startswith("X-Forwarded") or name in {"Forwarded", "X-Real-Ip", "Via"}
        for name in request.headers
    )
