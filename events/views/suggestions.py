import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from eventmate.pages.recording import shows, shows_until
from eventmate.pages.shared import shared_page
from events.search.kept_names import names
from events.search.suggesting import suggest

LONGEST = 100
SECONDS = 60


@require_safe
@shared_page(is_small=True)
@cache_control(public=True, max_age=SECONDS)
def show_suggestions(request: HttpRequest) -> HttpResponse:
    """The options below a search box for what was typed so far: the same for everyone."""
    text = request.GET.get("q", "")[:LONGEST]
    now = timezone.now()
    shows("list")
    shows_until(now + dt.timedelta(seconds=SECONDS))
    suggestions = suggest(text, names=names(), at=now)
    return render(request, "events/_suggestions.html", {"suggestions": suggestions})
