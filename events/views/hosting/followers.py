"""How many people follow a host."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events.access import access_managed_host
from events.host_news.growth import growth_of

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_safe
def show(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    host = access_managed_host(slug=slug, user=request.user)
    context = {"host": host, "growth": growth_of(host)}
    return render(request, "events/hosting/followers.html", context)
