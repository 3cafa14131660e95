import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from eventmate.pages.recording import shows, shows_until
from eventmate.pages.shared import shared_page
from events.days import next_day_begins
from events.forms.alternatives import alternatives_to
from events.forms.chips import chips_of
from events.forms.choices import facets_of, query_with
from events.forms.filters import EventFilterForm
from events.forms.shown import view_of
from events.models import Category, City
from events.search.answering import Answer, answer
from events.search.finding import Moment, Search
from events.search.kept_names import SECONDS as NAMES_KEPT
from events.search.kept_names import names
from events.search.orders import BadCursor, Slice
from events.search.phrases import understand
from events.sections import largest_categories, largest_cities, load_shelves
from events.views.map import map_of
from events.views.month import month_of
from events.views.pages import cursor_of, event_page, moment_of_request, page_of_tag


@shared_page(ignores_query=True)
def home(request: HttpRequest) -> HttpResponse:
    shows("list")
    # The names of cities and categories are as old already.
    shows_until(timezone.now() + dt.timedelta(seconds=NAMES_KEPT))
    context = {
        "shelves": load_shelves(request.user),
        "cities": largest_cities(),
        "categories": largest_categories(),
        "has_own_search": True,
    }
    return render(request, "events/home.html", context)


@shared_page()
def browse(request: HttpRequest) -> HttpResponse:
    form = EventFilterForm(request.GET)
    context: dict[str, Any] = {"form": form, "has_own_search": True}
    if not form.is_valid():
        return render(request, "events/list.html", context | {"chips": chips_of(form)}, status=400)
    if address := address_of_what_is_said(form):
        return HttpResponseRedirect(address)
    shows("list")
    shows_until(next_day_begins())
    moment = moment_of_request()
    found = answer_or_404(request, form, moment)
    context |= {
        "answer": found,
        "query": query_of_answer(form, found),
        "chips": chips_of(form),
        "page": event_page(request, rows_on_page(form, found.rows), found.search),
        "facets": facets_of(form, found.search.choices()),
        **shown_as(form, found.search),
    }
    if not found.rows.rows:
        context["alternatives"] = alternatives_to(form, moment, request.user)
    return render(request, "events/list.html", context)


@shared_page()
def show_city(request: HttpRequest, slug: str) -> HttpResponse:
    city = get_object_or_404(City, slug=slug)
    context = {"city": city, "page": page_of_tag(request, "city", city.pk)}
    return render(request, "events/city.html", context)


@shared_page()
def show_category(request: HttpRequest, slug: str) -> HttpResponse:
    category = get_object_or_404(Category, slug=slug)
    context = {"category": category, "page": page_of_tag(request, "category", category.pk)}
    return render(request, "events/category.html", context)


def answer_or_404(request: HttpRequest, form: EventFilterForm, moment: Moment) -> Answer:
    is_exact = form.cleaned_data["exact"]
    after, before = cursor_of(request)
    try:
        return answer(form.criteria, moment, is_exact=is_exact, after=after, before=before)
    except BadCursor as error:
        raise Http404 from error


def rows_on_page(form: EventFilterForm, rows: Slice) -> Slice:
    """A month shows events of its own."""
    return Slice([]) if view_of(form) == "calendar" else rows


def shown_as(form: EventFilterForm, search: Search) -> dict[str, Any]:
    """What its view shows besides the list."""
    match view_of(form):
        case "calendar":
            return {"month": month_of(form, search)}
        case "map":
            return {"map": map_of(form, search)}
    return {}


def address_of_what_is_said(form: EventFilterForm) -> str:
    """Of the same search with the filters that its text names, such as "free jazz in Berlin";
    empty where it names none. It says what the text was, so that this can be undone.
    """
    text = form.cleaned_data["q"]
    if not text or form.cleaned_data["exact"] or form.cleaned_data["said"]:
        return ""
    understood = understand(text, today=timezone.localdate(), names=names())
    if not understood.filters:
        return ""
    query = form.query.copy()
    query["q"] = understood.text
    for name, values in understood.filters.items():
        query.setlist(name, values)
    query["said"] = text
    return f"?{query.urlencode()}"


def query_of_answer(form: EventFilterForm, found: Answer) -> str:
    """The query string of the search that is shown, where another one was asked for."""
    if not (found.correction or found.left_out):
        return ""
    return query_with(form.query, q=str(found.search.criteria.words)).removeprefix("?")
