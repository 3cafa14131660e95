"""Who may see the figures, and what may be seen of a job."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from procrastinate.contrib.django.models import ProcrastinateJob


def is_operator(request: HttpRequest) -> bool:
    """Whoever has the token, or asks from this machine itself.

    Visitors come from this machine as well where a proxy runs on it: what a proxy has passed on is
    not local. A peer on a Unix socket is a proxy.
    """
    return _has_token(request) or (_is_from_here(request) and not _is_passed_on(request))


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


def _is_from_here(request: HttpRequest) -> bool:
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _is_passed_on(request: HttpRequest) -> bool:
    return request.is_secure() or any(
        name.startswith("X-Forwarded") or name in {"Forwarded", "X-Real-Ip", "Via"}
        for name in request.headers
    )
