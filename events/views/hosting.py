from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from events.models import Event, Host
from events.paging import page_or_404

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
def list_hosted(request: "AuthenticatedHttpRequest") -> HttpResponse:
    """The events of the visitor's hosts, with links to the bookings of those that they manage."""
    events = (
        Event.objects.filter(host__in=Host.objects.of_user(request.user))
        .with_capacity()
        .annotate(is_managed=Q(host__in=Host.objects.managed_by(request.user)))
        .select_related("city", "host")
        .defer("description")
        .upcoming_first()
    )
    return render(request, "events/hosting.html", {"page": page_or_404(request, events)})
