"""Any search as a feed, with the parameters that the list has."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from eventmate.threads import run_in_thread
from events.feeds.atom import news_of_search
from events.feeds.calendar import calendar_of_search
from events.feeds.finding import MOST_IN_CALENDAR, MOST_NEWS, newest, soonest
from events.forms.addresses import describe_search, lasting_query
from events.forms.filters import EventFilterForm
from events.sharing.addresses import public_address
from events.views.kept import kept_response

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
    extent = f"The soonest {MOST_IN_CALENDAR} events at most."
    return run_in_thread(partial(calendar_of_search, events, extent=extent, **about))


def _news(form: EventFilterForm, about: dict[str, str]) -> bytes:
    events = newest(form.criteria, at=timezone.now())
    return news_of_search(events, extent=f"The latest {MOST_NEWS} events at most.", **about)


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
    # There is no Last-Modified: what leaves a feed changes it, and has no date.
    return kept_response(request, write(form, about), content_type=content_type, max_age=FRESH)


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
