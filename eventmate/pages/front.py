"""A thin layer before Django, which answers with the pages that the worker has."""

import logging
import time
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.conf import settings

from eventmate.client_address import address_of, network_of
from eventmate.limits.clients import Client
from eventmate.limits.headers import limit_headers, policy_of
from eventmate.limits.site import site_limiter
from eventmate.limits.usage import Usage
from eventmate.logs.requests import bind_request, forget_request
from eventmate.metrics.instruments import REQUEST_SECONDS, REQUESTS, count_lookup
from eventmate.middleware.request_id import id_of
from eventmate.middleware.timing import server_timing
from eventmate.pages.bodies import Body, body_for
from eventmate.pages.flights import is_being_made
from eventmate.pages.members import Member
from eventmate.pages.page import Page
from eventmate.pages.recording import TOKEN
from eventmate.pages.registry import REGISTRY
from eventmate.pages.shared import ANSWER, SAFE
from eventmate.pages.site import Pages
from eventmate.pages.visitors import Cookies, caching, cookies_of

# Of the headers that Django's middleware gave a page, those that every visitor gets.
COMMON = frozenset(
    {
        *("content-security-policy", "content-type", "cross-origin-opener-policy", "link"),
        *("permissions-policy", "referrer-policy", "strict-transport-security"),
        *("x-content-type-options", "x-frame-options"),
    }
)
MOST_HOSTS = 100

Headers = list[tuple[str, str]]
Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]

access_log = logging.getLogger("eventmate.access")


class Answer(NamedTuple):
    page: Page
    body: Body
    used: list[Usage]


class Front:
    """A request that it does not know what to do with, it leaves to Django: it answers only what
    Django has answered before, to visitors of whom all is known that the page shows of them.
    """

    def __init__(self, application: Application, pages: Pages) -> None:
        self._application = application
        self._pages = pages
        # Schemes and hosts under which Django has answered.
        self._hosts: set[tuple[str, str]] = set()

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        started = time.perf_counter()
        answer = self._answer(environ) if self._may_answer(environ) else None
        if answer is None:
            return self._application(environ, self._noting(environ, start_response))
        return self._send(environ, start_response, answer, started)

    def _may_answer(self, environ: dict[str, Any]) -> bool:
        return (
            environ["REQUEST_METHOD"] in SAFE
            and origin_of(environ) in self._hosts
            and "HTTP_AUTHORIZATION" not in environ
            and environ.get("CONTENT_LENGTH", "") in ("", "0")
            and "HTTP_TRANSFER_ENCODING" not in environ
        )

    def _noting(self, environ: dict[str, Any], start_response: Start) -> Start:
        """Take the headers that all visitors of the page get from the answer of Django's."""

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            page: Page | None = environ.get(ANSWER)
            if page is not None and status.startswith(("200", "304")):
                origin = origin_of(environ)
                if len(self._hosts) >= MOST_HOSTS:
                    self._hosts.clear()
                self._hosts.add(origin)
                common = [same_header(pair) for pair in headers if pair[0].lower() in COMMON]
                page.headers.setdefault(origin[0], common)
            return start_response(status, headers, exc_info)

        return start

    def _answer(self, environ: dict[str, Any]) -> Answer | None:
        page = self._pages.store.find(environ["PATH_INFO"], environ.get("QUERY_STRING", ""))
        if page is None or environ["wsgi.url_scheme"] not in page.headers:
            return None
        if not self._pages.news.is_current() or not can_be_shown(page):
            return None
        cookies = cookies_of(environ)
        member = self._pages.members.find(cookies.session_key) if cookies.session_key else None
        if cookies.has_others or (cookies.session_key and member is None):
            return None
        body = self._body(environ, page, cookies, member)
        if body is None:
            return None
        used = take(environ, page, member)
        return None if used is None else Answer(page, body, used)

    def _body(
        self, environ: dict[str, Any], page: Page, cookies: Cookies, member: Member | None
    ) -> Body | None:
        if member is None or member.user_id is None:
            variant = page.for_visitor()
        elif page.fact_names <= member.facts.keys():
            variant = page.for_member(member.facts)
        else:
            return None
        values = {}
        for name in variant.slots:
            if name == TOKEN:
                if member is None or not cookies.secret:
                    return None  # the visitor has to get one
                values[name] = member.token_for(cookies.secret)
            elif read := REGISTRY.slots.get(name):
                values[name] = read(environ).encode()
        body = body_for(environ, variant, values, is_private=bool(cookies.session_key))
        self._pages.weigh(page, variant)
        return body

    def _send(
        self, environ: dict[str, Any], start_response: Start, answer: Answer, started: float
    ) -> Iterable[bytes]:
        page, body, used = answer
        count_lookup("front", hit=True)
        if page.visit:
            REGISTRY.visited(environ, *page.visit)
        asked = id_of(environ)
        seconds = time.perf_counter() - started
        headers = [
            *page.headers[environ["wsgi.url_scheme"]],
            *body.headers,
            ("Cache-Control", page.caching or caching(is_private=body.is_private)),
            ("Vary", "Cookie, Accept-Encoding"),
            ("X-Request-ID", asked),
            *server_timing(seconds),
            *(limit_headers(used, policies()[page.scope]) if used else ()),
        ]
        start_response(f"{body.status.value} {body.status.phrase}", headers)
        method = environ["REQUEST_METHOD"]
        counters_of(page.route, method, body.status.value)(seconds)
        if access_log.isEnabledFor(logging.INFO):
            log(asked, page, method, body, seconds)
        return [body.content] if method == "GET" else []


@lru_cache(maxsize=100)
def same_header(header: tuple[str, str]) -> tuple[str, str]:
    """The first one of those that are equal, as they are on most pages."""
    return header


def origin_of(environ: dict[str, Any]) -> tuple[str, str]:
    return environ["wsgi.url_scheme"], environ.get("HTTP_HOST", "")


def can_be_shown(page: Page) -> bool:
    """A page that is made anew by another request just now, as it was."""
    return page.is_fresh or (is_being_made(page.address) and page.can_stand_in)


def take(environ: dict[str, Any], page: Page, member: Member | None) -> list[Usage] | None:
    """Count the request for the limits; None where one refuses it, which uses up nothing."""
    if not settings.RATE_LIMIT_ENABLED:
        return []
    address = Client("address", network_of(address_of(environ)))
    of_address = site_limiter().take(page.scope, address.key)
    if of_address.refused or member is None or member.user_id is None:
        return None if of_address.refused else [of_address]
    account = Client("account", str(member.user_id))
    of_account = site_limiter().take(page.scope, account.key)
    if of_account.refused:
        site_limiter().give_back(page.scope, address.key)
        return None
    return [of_address, of_account]


@cache
def policies() -> dict[str, str]:
    return {scope: policy_of(scope, rates) for scope, rates in settings.RATE_LIMITS.items()}


@cache
def counters_of(route: str, method: str, status: int) -> Callable[[float], None]:
    requests = REQUESTS.labels(route, method, status)
    observed = REQUEST_SECONDS.labels(route, method)

    def count(seconds: float) -> None:
        requests.inc()
        observed.observe(seconds)

    return count


def log(asked: str, page: Page, method: str, body: Body, seconds: float) -> None:
    bind_request(SimpleNamespace(id=asked))
    figures = {
        "method": method,
        "route": page.route,
        "status": body.status.value,
        "duration_ms": round(seconds * 1000, 1),
        "queries": 0,
        "database_ms": 0.0,
        "bytes": len(body.content),
    }
    access_log.info("request", extra=figures)
    forget_request()
