import logging
import math
import time
from collections.abc import Callable
from functools import lru_cache
from http import HTTPMethod
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from whitenoise.middleware import WhiteNoiseFileResponse  # type: ignore[import-untyped]  # no types

from eventmate.logs.requests import known_user
from eventmate.metrics.instruments import (
    DATABASE_QUERIES,
    DATABASE_SECONDS,
    REQUEST_SECONDS,
    REQUESTS,
    REQUESTS_IN_FLIGHT,
)

METHODS = frozenset(HTTPMethod)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Handler = Callable[[HttpRequest], HttpResponseBase]

logger = logging.getLogger(__name__)
access_log = logging.getLogger("eventmate.access")


class Queries:
    """How many queries a request made, and the seconds that it waited for them."""

    __slots__ = ("count", "seconds")

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - started


NONE = Queries()


def time_requests(get_response: Handler) -> Handler:
    """Measure each request, tell the browser, the metrics and the log, and warn of one that took
    ``settings.SLOW_REQUEST_SECONDS`` or longer.

    Of a streaming response it is the time until its first byte could be sent.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        queries = Queries()
        started = time.perf_counter()
        REQUESTS_IN_FLIGHT.inc()
        try:
            with connection.execute_wrapper(queries):
                response = get_response(request)
        finally:
            REQUESTS_IN_FLIGHT.dec()
        seconds = time.perf_counter() - started
        route = route_of(request, response)
        tell_browser(request, response, seconds, queries)
        tell_metrics(request, response, route, seconds, queries)
        tell_log(request, response, route, seconds, queries)
        return response

    return middleware


def route_of(request: HttpRequest, response: HttpResponseBase) -> str:
    """The name of the view, also where a middleware answered in its place."""
    if request.resolver_match:
        return request.resolver_match.view_name
    if isinstance(response, WhiteNoiseFileResponse):
        return "static"
    return view_name_at(request.path_info)


@lru_cache(maxsize=512)
def view_name_at(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return "none"


def method_of(request: HttpRequest) -> str:
    """Visitors may send any word."""
    return request.method if request.method in METHODS else "other"


def tell_browser(
    request: HttpRequest, response: HttpResponseBase, seconds: float, queries: Queries
) -> None:
    """Forms are where secrets are checked, and what an answer took could tell whether an account
    exists. Theirs is told in steps of a tenth of a second.
    """
    if request.method not in SAFE_METHODS:
        tenths = math.ceil(seconds * 10)
        response["Server-Timing"] = f"total;dur={tenths * 100}"
        response["X-Process-Time"] = f"{tenths / 10}"
        return
    for name, value in server_timing(seconds, queries):
        response[name] = value


def server_timing(seconds: float, queries: Queries = NONE) -> list[tuple[str, str]]:
    """The headers that tell it to who looks at a page."""
    noun = "query" if queries.count == 1 else "queries"
    steps = (
        f"total;dur={seconds * 1000:.1f}, "
        f'db;dur={queries.seconds * 1000:.1f};desc="{queries.count} {noun}"'
    )
    return [("Server-Timing", steps), ("X-Process-Time", f"{seconds:.4f}")]


def tell_metrics(
    request: HttpRequest, response: HttpResponseBase, route: str, seconds: float, queries: Queries
) -> None:
    method = method_of(request)
    REQUESTS.labels(route, method, response.status_code).inc()
    REQUEST_SECONDS.labels(route, method).observe(seconds)
    if queries.count:
        DATABASE_QUERIES.labels(route).inc(queries.count)
        DATABASE_SECONDS.labels(route).inc(queries.seconds)


def tell_log(
    request: HttpRequest, response: HttpResponseBase, route: str, seconds: float, queries: Queries
) -> None:
    is_slow = seconds >= settings.SLOW_REQUEST_SECONDS
    if not is_slow and not access_log.isEnabledFor(logging.INFO):
        return
    figures = {
        "method": method_of(request),
        "route": route,
        "status": response.status_code,
        "duration_ms": round(seconds * 1000, 1),
        "queries": queries.count,
        "database_ms": round(queries.seconds * 1000, 1),
    }
    access_log.info("request", extra=figures | {"bytes": length_of(response)})
    if is_slow:
        logger.warning(
            "Slow: %(method)s %(route)s took %(duration_ms).0f ms, %(database_ms).0f of them for"
            " %(queries)d queries",
            figures,
            extra=figures | {"user_id": known_user(request)},
        )


def length_of(response: HttpResponseBase) -> int | None:
    """Bytes of the body, where that is known before it is sent."""
    if length := response.headers.get("Content-Length"):
        return int(length)
    return None if response.streaming else len(response.content)  # type: ignore[attr-defined]
