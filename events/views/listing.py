from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from eventmate.last_copies import keeps_last_copy
from events.forms.filters import EventFilterForm
from events.models import Category, City, Event, Host
from events.paging import page_or_404
from events.sections import count_by_category, count_by_city, load_shelves


@keeps_last_copy(ignores_query=True)
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "shelves": load_shelves(request.user),
        "cities": count_by_city(),
        "categories": count_by_category(),
        "has_own_search": True,
    }
    return render(request, "events/home.html", context)


@keeps_last_copy()
def browse(request: HttpRequest) -> HttpResponse:
    form = EventFilterForm(request.GET)
    context = {"form": form, "has_own_search": True}
    if not form.is_valid():
        return render(request, "events/list.html", context, status=400)
    events = Event.objects.published().upcoming().for_listing(request.user)
    context["page"] = page_or_404(request, form.apply(events))
    return render(request, "events/list.html", context)


@keeps_last_copy()
def show_city(request: HttpRequest, slug: str) -> HttpResponse:
    city = get_object_or_404(City, slug=slug)
    events = Event.objects.filter(city=city).published().upcoming().for_listing(request.user)
    context = {"city": city, "page": page_or_404(request, events)}
    return render(request, "events/city.html", context)


@keeps_last_copy()
def show_category(request: HttpRequest, slug: str) -> HttpResponse:
    category = get_object_or_404(Category, slug=slug)
    events = (
        Event.objects.filter(category=category).published().upcoming().for_listing(request.user)
    )
    context = {"category": category, "page": page_or_404(request, events)}
    return render(request, "events/category.html", context)


@keeps_last_copy()
def show_host(request: HttpRequest, slug: str) -> HttpResponse:
    host = get_object_or_404(Host, slug=slug)
    events = Event.objects.filter(host=host).published().upcoming().for_listing(request.user)
    context = {"host": host, "page": page_or_404(request, events)}
    return render(request, "events/host.html", context)
