"""The figures of a host's event."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.access import access_hosted_event
from bookings.figures.event import figures_over_time

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_safe
def show(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    context = {
        "event": event,
        "figures": figures_over_time(event),
        "address": f"{settings.PUBLIC_URL}{event.get_absolute_url()}",
    }
    return render(request, "bookings/hosting/figures.html", context)
