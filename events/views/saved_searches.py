from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.alerts.links import search_id_of
from events.exceptions import EventError
from events.forms.addresses import describe_search, parse_search
from events.forms.saved_search import ChangeSearchForm, SaveSearchForm
from events.models import MailFrequency, SavedSearch
from events.saved_searches import has_own_address
from events.services.saved_searches import change_search, save_search, set_frequency

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@require_safe
@never_cache
@login_required
def list_searches(request: "AuthenticatedHttpRequest") -> HttpResponse:
    searches = SavedSearch.objects.of(request.user)
    context = {
        "searches": [(search, parse_search(search.query)) for search in searches],
        "has_own_address": has_own_address(request.user),
    }
    return render(request, "events/saved_searches.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def save(request: HttpRequest) -> HttpResponse:
    """Save a search, or show one that is about to be saved: a visitor who had to log in comes back
    to it.
    """
    data = request.POST if request.method == "POST" else request.GET
    asked = {name: data[name] for name in ("query", "name", "frequency") if data.get(name)}
    if not request.user.is_authenticated:
        return redirect_to_login(f"{reverse('events:save_search')}?{urlencode(asked)}")
    form = SaveSearchForm({"frequency": MailFrequency.WEEKLY, **asked})
    if form.is_valid() and request.method == "POST":
        if _save(request, form):
            return redirect("events:saved_searches")
    elif form.is_valid():
        form = SaveSearchForm(initial=form.cleaned_data)
    context = {"form": form, "search": parse_search(asked.get("query", ""))}
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "events/save_search.html", context, status=status)


def _save(request: HttpRequest, form: SaveSearchForm) -> bool:
    try:
        search = save_search(
            user=request.user,
            criteria=form.criteria,
            has_moving_days=form.has_moving_days,
            name=form.cleaned_data["name"],
            query=form.cleaned_data["query"],
            frequency=form.cleaned_data["frequency"],
        )
    except EventError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"“{search}” is saved.")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def change(request: "AuthenticatedHttpRequest", pk: int) -> HttpResponse:
    search = get_object_or_404(SavedSearch.objects.of(request.user), pk=pk)
    form = ChangeSearchForm(request.POST or None, instance=search)
    if request.method == "POST" and form.is_valid():
        change_search(
            search=search,
            name=form.cleaned_data["name"],
            frequency=form.cleaned_data["frequency"],
        )
        messages.success(request, f"“{search}” is changed.")
        return redirect("events:saved_searches")
    context = {"form": form, "description": describe_search(parse_search(search.query))}
    return render(request, "events/change_search.html", context)


@require_POST
@login_required
def delete(request: "AuthenticatedHttpRequest", pk: int) -> HttpResponse:
    search = get_object_or_404(SavedSearch.objects.of(request.user), pk=pk)
    search.delete()
    messages.info(request, f"“{search}” is deleted.")
    return redirect("events:saved_searches")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End the mail about a search, for whoever has one of them. Programs that read mail follow its
    links, so that only a POST ends it: of the page's button, or of a mail program (RFC 8058).
    """
    pk = search_id_of(token)
    if pk is None:
        raise Http404
    search = SavedSearch.objects.filter(pk=pk).exclude(frequency=MailFrequency.NEVER).first()
    if search is not None and request.method == "POST":
        set_frequency(search=search, frequency=MailFrequency.NEVER)
        search = None
    return render(request, "events/unsubscribe.html", {"search": search})
