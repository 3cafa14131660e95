"""A host's own events, with what there is to know of each at a glance."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.overview import MANAGING, Section, count_sections, events_in, with_numbers
from events.access import has_verified_address
from events.models import Event, Host
from events.paging import page_or_404

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest

PAGE_SIZE = 12


@never_cache
@login_required
@require_safe
def show(request: "AuthenticatedHttpRequest") -> HttpResponse:
    user = request.user
    hosts = {host.pk: host for host in Host.objects.of_user(user).with_role_of(user)}
    events = Event.objects.filter(host__in=list(hosts))
    counts = count_sections(events)
    section = _chosen(request.GET.get("show", ""), counts)
    rows = events_in(section, events).with_series_number()
    rows = rows.select_related("city").defer("description")
    page = page_or_404(request, rows, per_page=PAGE_SIZE)
    context = {
        "hosts": list(hosts.values()),
        "manages_any": any(host.role in MANAGING for host in hosts.values()),
        "has_verified_address": bool(hosts) or has_verified_address(user),
        "section": section,
        "counts": counts,
        "has_events": any(counts.values()),
        "page": page,
        "hosted_events": with_numbers(page, hosts),
    }
    return render(request, "bookings/hosting/dashboard.html", context)


def _chosen(asked: str, counts: dict[Section, int]) -> Section:
    """What the address asks for; else what comes next, or whatever there is."""
    if asked in counts:
        return Section(asked)
    return next((section for section in Section if counts[section]), Section.UPCOMING)
