"""Limits that hold to the request over all workers: each is counted before it passes."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest
from django_ratelimit.core import get_usage  # type: ignore[import-untyped]  # ships no types

from eventmate.limits.rates import Rate
from eventmate.limits.usage import Usage


def take_exactly(
    request: HttpRequest, scope: str, client: str, rates: Sequence[Rate]
) -> Iterator[Usage]:
    """Count the request in each window, up to the first that refuses it: what is refused for a
    minute does not use up the hour.
    """
    for rate in rates:
        counted = _count(request, scope, client, rate) or _count(request, scope, client, rate)
        if counted is None:
            continue
        reset = max(1, counted["time_left"])
        end = int(time.time()) + counted["time_left"]
        usage = Usage(scope, rate, counted["count"], end, reset, counted["should_limit"])
        yield usage
        if usage.refused:
            return


def _count(request: HttpRequest, scope: str, client: str, rate: Rate) -> dict[str, Any] | None:
    """None where Redis fails between the two commands. From then on memory stands in for it."""
    usage: dict[str, Any] | None = get_usage(
        request,
        group=f"limit:{scope}:",
        key=lambda group, request: client,
        rate=tuple(rate),
        increment=True,
    )
    return usage
