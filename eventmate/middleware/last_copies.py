import re
import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from eventmate.credentials import is_anonymous
from eventmate.errors import is_outage_page
from eventmate.last_copies import Copy, LastCopies, has_last_copy
from eventmate.metrics.instruments import CACHE_LOOKUPS
from eventmate.middleware.deadline import RequestIsLate
from eventmate.outage import Outage
from eventmate.pages.shared import ANSWER

ANSWERED = frozenset({HTTPStatus.OK, HTTPStatus.NOT_MODIFIED})
MAIN = re.compile(rb"<main\b[^>]*>")

Handler = Callable[[HttpRequest], HttpResponseBase]


def keep_last_copies(get_response: Handler) -> Handler:
    """Show public pages as they last were, while the database does not answer.

    Which those are, their views say (``keeps_last_copy``). A copy is kept of what is rendered for
    everyone, or else of what a visitor has got of whom nothing was known, and shown to all:
    docs/adr/0021-last-copies.md.
    """
    if not settings.LAST_COPY_MAX_AGE:
        return get_response
    copies = LastCopies(
        most_bytes=settings.LAST_COPIES_MEMORY * 2**20,
        max_age=settings.LAST_COPY_MAX_AGE,
        # What stands in for a Redis that was never there is small, and holds counts and locks.
        shared=caches["default"] if settings.REDIS_URL else None,
    )
    return NewestOrLastCopy(get_response, copies)


class NewestOrLastCopy:
    def __init__(self, get_response: Handler, copies: LastCopies) -> None:
        self._get_response = get_response
        self._copies = copies
        self._outage = Outage()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return self._get_response(request)
        copy = self._copy_for(request) if self._outage.is_on else None
        if copy is None:
            return self._newest(request)
        turn = self._outage.take_turn()
        return self._newest(request, turn) if turn else shown(copy)

    def _newest(self, request: HttpRequest, turn: float = 0.0) -> HttpResponseBase:
        """The page as it is now, or the copy if the database cannot give it."""
        came_at = time.monotonic()
        try:
            response = self._get_response(request)
        except RequestIsLate:
            if is_kept_page(request):
                self._outage.begin(came_at, turn)
            raise
        if is_outage_page(response) and is_kept_page(request):
            self._outage.begin(came_at, turn)
            copy = self._copy_for(request)
            return shown(copy) if copy else response
        if response.status_code in ANSWERED and is_kept_page(request):
            self._outage.end()
            self._keep(request, response)
        elif response.status_code == HTTPStatus.NOT_FOUND and is_kept_page(request):
            self._drop(request)
        return response

    def _keep(self, request: HttpRequest, response: HttpResponseBase) -> None:
        if not isinstance(response, HttpResponse) or not self._copies.is_due(request.path):
            return
        page = request.META.get(ANSWER)
        if page is not None and page.address == request.META["PATH_INFO"]:
            content = page.for_visitor().content({})
        elif page is None and is_for_everyone(request, response):
            content = response.content
        else:
            return
        self._copies.keep(request.path, content, response["Content-Type"])

    def _drop(self, request: HttpRequest) -> None:
        """What was taken down stays down. With a query, it may be that which finds nothing."""
        if not request.META.get("QUERY_STRING"):
            self._copies.drop(request.path)

    def _copy_for(self, request: HttpRequest) -> Copy | None:
        if not is_kept_page(request):
            return None
        request.get_host()  # raises DisallowedHost, as the page itself would
        copy = self._copies.get(request.path)
        CACHE_LOOKUPS.labels("last copy", "hit" if copy else "miss").inc()
        return copy


def is_kept_page(request: HttpRequest) -> bool:
    """Whether a copy of it may be kept and shown. Needs no database."""
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return False
    return has_last_copy(match.func, with_query=bool(request.META.get("QUERY_STRING")))


def is_for_everyone(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the response is what anybody would get at this address, whoever asked for it.

    One with a CSRF token sets its cookie.
    """
    caching = response.get("Cache-Control", "")
    return (
        request.method == "GET"
        and response.status_code == HTTPStatus.OK
        and not request.META.get("QUERY_STRING")
        and is_anonymous(request)
        and not response.cookies
        and "private" not in caching
        and "no-store" not in caching
        and varies_on(response) <= {"cookie", "accept-encoding"}
    )


def varies_on(response: HttpResponse) -> set[str]:
    names = response.get("Vary", "").lower().split(",")
    return {name.strip() for name in names} - {""}


def shown(copy: Copy) -> HttpResponse:
    """The copy, which says how old it is: to the visitor, and to whatever is on the way."""
    notice = render_to_string("_last_copy.html", {"minutes": int(copy.age / 60)}).encode()
    content = MAIN.sub(lambda main: main[0] + notice, copy.content, count=1)
    headers = {
        "Age": str(int(copy.age)),
        "Cache-Control": "no-store",
        "Cache-Status": 'EventMate; hit; detail="database outage"',
    }
    return HttpResponse(content, content_type=copy.content_type, headers=headers)
