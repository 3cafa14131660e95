"""Any search as a feed, with the parameters that the list has."""

import hashlib
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from eventmate.threads import run_in_thread
from events.feeds.atom import news_of_search
from events.feeds.calendar import calendar_of_search
from events.feeds.finding import newest, soonest
from events.forms.addresses import describe_search, lasting_query
from events.forms.filters import EventFilterForm
from events.sharing.addresses import public_address

# Seconds for which others may keep a feed.
FRESH = 15 * 60

Write = Callable[[EventFilterForm, dict[str, str]], bytes]


@require_safe
def ics(request: HttpRequest) -> HttpResponseBase:
    return _feed(request, _calendar, "text/calendar; charset=utf-8")


@require_safe
def atom(request: HttpRequest) -> HttpResponseBase:
    return _feed(request, _news, "application/atom+xml; charset=utf-8")


def _calendar(form: EventFilterForm, about: dict[str, str]) -> bytes:
    events = soonest(form.criteria, at=timezone.now())
    return run_in_thread(partial(calendar_of_search, events, **about))


def _news(form: EventFilterForm, about: dict[str, str]) -> bytes:
    return news_of_search(newest(form.criteria, at=timezone.now()), **about)


def _feed(request: HttpRequest, write: Write, content_type: str) -> HttpResponseBase:
    form = EventFilterForm(request.GET)
    if not form.is_valid():
        return _refusal(form)
    asked = QueryDict(lasting_query(form))
    about = {
        "name": describe_search(form),
        "url": public_address(reverse("events:list"), dict(asked.lists())),
        "feed_url": public_address(request.path, dict(asked.lists())),
    }
    content = write(form, about)
    # There is no Last-Modified: what leaves a feed changes it, and has no date.
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(content, content_type=content_type)
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=FRESH)
    return response


def _refusal(form: EventFilterForm) -> HttpResponse:
    lines = [
        f"{form.fields[name].label or name}: {error}\n" if name in form.fields else f"{error}\n"
        for name, errors in form.errors.items()
        for error in errors
    ]
    return HttpResponse(
        "".join(["Some of these filters do not work.\n", *lines]),
        status=HTTPStatus.BAD_REQUEST,
        content_type="text/plain; charset=utf-8",
    )
