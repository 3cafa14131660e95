"""Views whose pages are rendered once for everyone."""

import time
from collections.abc import Callable, Collection
from contextlib import nullcontext
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers

from eventmate.errors import unavailable
from eventmate.last_copies import keeps_last_copy
from eventmate.limits.scopes import scope_of
from eventmate.metrics.instruments import count_lookup
from eventmate.pages.bodies import body_for
from eventmate.pages.flights import Flight, join, leave
from eventmate.pages.page import Page, Values, Variant, page_of
from eventmate.pages.recording import TOKEN, recording
from eventmate.pages.registry import REGISTRY
from eventmate.pages.site import Pages, site_pages
from eventmate.pages.turns import TooManyPagesError, site_turns
from eventmate.pages.visitors import JUST_SENT, caching

# Seconds after which a page is made anew in any case: what nobody notes, such as how many places
# are left of many, is so old at most.
LONGEST = 300.0
# In the WSGI environment, where the page that answers the request is found.
ANSWER = "eventmate.page"
SAFE = frozenset({"GET", "HEAD"})

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def shared_page(*, ignores_query: bool = False, is_small: bool = False) -> Callable[[View], View]:
    """Render a view's pages once for everyone, and keep them until something that they show
    changes. Also, let copies be shown while the database does not answer.

    Only for what anybody may see. The view is given a request of nobody in particular; what differs
    between visitors stands in `personal` and `slot` of its templates. ``ignores_query`` is of views
    that read nothing of the query but by slots. What ``is_small`` waits for no turn (turns.py).
    """

    def mark(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            pages = site_pages()
            if pages is None or request.method not in SAFE:
                return view(request, *args, **kwargs)

            def render(of: HttpRequest) -> HttpResponseBase:
                return view(of, *args, **kwargs)

            sharing = Sharing(
                pages, request, render, ignores_query=ignores_query, is_small=is_small
            )
            return sharing.answer()

        keep = keeps_last_copy(ignores_query=ignores_query)
        return keep(cast(View, answer))

    return mark


class Sharing:
    """The answer to one request, by the page for everyone."""

    def __init__(
        self,
        pages: Pages,
        request: HttpRequest,
        render: Callable[[HttpRequest], HttpResponseBase],
        *,
        ignores_query: bool,
        is_small: bool,
    ) -> None:
        self._pages = pages
        self._request = request
        self._render = render
        self._ignores_query = ignores_query
        self._is_small = is_small
        self._path: str = request.META["PATH_INFO"]
        self._query = "" if ignores_query else request.META.get("QUERY_STRING", "")
        self._address = f"{self._path}?{self._query}" if self._query else self._path
        # Whoever has just sent a form sees what came of it.
        self._has_sent = JUST_SENT in request.COOKIES

    def answer(self) -> HttpResponseBase:
        if self._has_sent or not self._pages.news.is_current():
            self._pages.news.catch_up()
        try:
            found = self._found()
        except Http404:
            # What is not there for everyone may be there for some.
            if self._is_member:
                return self._render(self._request)
            raise
        except TooManyPagesError:
            return unavailable(self._request, "Too many people are here. Please try again.")
        if not isinstance(found, Page):
            return found or self._render(self._request)
        response = self._filled(found)
        self._request.META[ANSWER] = found
        if found.visit:
            REGISTRY.visited(self._request.META, *found.visit)
        return response

    @property
    def _is_member(self) -> bool:
        has_session = settings.SESSION_COOKIE_NAME in self._request.COOKIES
        return has_session and self._request.user.is_authenticated

    def _found(self) -> Page | HttpResponseBase | None:
        """The page, what the view answers everyone instead of one, or None where it has to be
        asked for this visitor.
        """
        while True:
            page = self._pages.store.find(self._path, self._query)
            if page is not None and page.is_fresh:
                count_lookup("shared page", hit=True)
                return page
            flight, is_mine = join(self._address)
            if is_mine:
                return self._made_for_all(flight, is_new=page is None or not page.can_stand_in)
            if page is not None and page.can_stand_in and not self._has_sent:
                return page
            flight.is_over.wait()
            if flight.error is not None:
                raise flight.error
            if flight.page is None and flight.is_answered:
                return None

    def _made_for_all(self, flight: Flight, *, is_new: bool) -> Page | HttpResponseBase | None:
        try:
            if (given := self._taken_over()) is not None:
                flight.page = given
                return given
            # One that is only made anew is one that many look at.
            waits = is_new and not self._is_small
            with site_turns().taken() if waits else nullcontext():
                made = self._made()
            flight.page = made if isinstance(made, Page) else None
            flight.is_answered = True
            return made
        except (Error, TooManyPagesError, Http404) as error:
            flight.error = error  # the others need not wait for the same
            raise
        finally:
            leave(self._address, flight)

    def _taken_over(self) -> Page | None:
        """That of another worker, if nothing has changed since."""
        page, news = self._pages.store.given(self._address), self._pages.news
        if page is None or not page.is_fresh:
            return None
        if page.made_at < news.moved_at or news.has_changed(page.tags, page.snapshot):
            return None
        self._pages.store.put(page)
        return page

    def _made(self) -> Page | HttpResponseBase | None:
        count_lookup("shared page", hit=False)
        snapshot, made_at = self._pages.news.snapshot, time.time()
        nobody = of_nobody(self._request, query=self._query)
        self._pages.store.forget_outdated(self._address)
        with recording() as record:
            response = self._render(nobody)
        if "CSRF_COOKIE" in nobody.META or not isinstance(response, HttpResponse):
            return None
        if not is_page_for_all(response):
            # With marks on it, it is none that could be shown as it is.
            return None if record.nonce.encode() in response.content else response
        page = page_of(
            record,
            response.content,
            until=made_at + LONGEST,
            made_at=made_at,
            address=self._address,
            ignores_query=self._ignores_query,
            content_type=response["Content-Type"],
            route=cast(Any, self._request.resolver_match).view_name,
            scope=scope_of(self._request),
            caching=response.get("Cache-Control", ""),
            snapshot=snapshot,
        )
        self._pages.keep(page)
        return page

    def _filled(self, page: Page) -> HttpResponse:
        """The page in this visitor's words, with what is theirs in its slots."""
        variant = self._variant(page)
        self._pages.weigh(page, variant)
        values = self._values(variant)
        is_private = (
            settings.SESSION_COOKIE_NAME in self._request.COOKIES
            # Else a cache in front would give them this page again after their next form.
            or self._has_sent
            or variant.has_token
            or any(values.get(name) for name in REGISTRY.notices)
        )
        body = body_for(self._request.META, variant, values, is_private=is_private)
        response = HttpResponse(
            body.content,
            status=body.status,
            content_type=page.content_type,
            headers=dict(body.headers),
        )
        response["Cache-Control"] = page.caching or caching(is_private=is_private)
        patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
        return response

    def _variant(self, page: Page) -> Variant:
        session_key = self._request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if not session_key:
            return page.for_visitor()
        snapshot = self._pages.news.snapshot
        user: Any = self._request.user
        facts: dict[str, Collection[int]] = {}
        if user.is_authenticated:
            known = self._pages.members.find(session_key)
            facts = dict(known.facts) if known and not self._has_sent else {}
            for name in page.fact_names - facts.keys():
                facts[name] = frozenset(REGISTRY.facts[name](user))
        self._pages.remember(session_key, user.pk, facts, snapshot)
        return page.for_member(facts) if user.is_authenticated else page.for_visitor()

    def _values(self, variant: Variant) -> Values:
        values = {}
        for name in variant.slots:
            if name == TOKEN:
                values[name] = get_token(self._request).encode()
            elif name in REGISTRY.notices:
                values[name] = REGISTRY.notices[name](self._request).encode()
            else:
                values[name] = REGISTRY.slots[name](self._request.META).encode()
        return values


def of_nobody(request: HttpRequest, *, query: str) -> HttpRequest:
    """A request for the same page that tells nothing of who asks, nor how."""
    kept = {
        name: value
        for name, value in request.META.items()
        if name == "HTTP_HOST" or not name.startswith(("HTTP_", "CSRF_", "eventmate."))
    }
    nobody = WSGIRequest({**kept, "REQUEST_METHOD": "GET", "QUERY_STRING": query})
    nobody.resolver_match = request.resolver_match
    nobody.user = AnonymousUser()
    return nobody


def is_page_for_all(response: HttpResponse) -> bool:
    caching = response.get("Cache-Control", "")
    return (
        response.status_code == HTTPStatus.OK
        and not response.cookies
        and "private" not in caching
        and "no-store" not in caching
        and response.get("Vary", "").lower() in ("", "cookie")
    )
