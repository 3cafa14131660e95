"""Places that ticket types of an event share: new ones, changing them, and their end."""

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bookings.services.waitlist import offer_some_places
from events.access import access_edited_event
from events.editing import TICKETS, Progress
from events.exceptions import EventError, EventRefusal
from events.forms.shared_capacity import HostedSharedCapacityForm
from events.models import SharedCapacity
from events.services.shared_capacities import delete_shared_capacity

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest

FIELDS = {
    EventRefusal.CAPACITY_BELOW_TAKEN: "capacity",
    EventRefusal.NAME_TAKEN: "name",
    EventRefusal.DOES_NOT_FIT: "ticket_types",
    EventRefusal.NO_OWN_LIMIT: "ticket_types",
}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    return _write(request, SharedCapacity(event=event))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: "AuthenticatedHttpRequest", slug: str, shared_capacity_id: int) -> HttpResponse:
    return _write(request, _access(request, slug, shared_capacity_id))


@login_required
@require_POST
def delete(request: "AuthenticatedHttpRequest", slug: str, shared_capacity_id: int) -> HttpResponse:
    shared = _access(request, slug, shared_capacity_id)
    try:
        delete_shared_capacity(shared_capacity=shared)
    except EventError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{shared}” is deleted.")
    return redirect("bookings:hosted_tickets", slug)


def _write(request: "AuthenticatedHttpRequest", shared: SharedCapacity) -> HttpResponse:
    event, name = shared.event, shared.name
    data = request.POST if request.method == "POST" else None
    form = HostedSharedCapacityForm(data, instance=shared, event=event)
    if form.is_valid() and _save(form):
        return redirect("bookings:hosted_tickets", event.slug)
    context = {"event": event, "form": form, "name": name, "progress": Progress(TICKETS, event)}
    status = 400 if form.is_bound else 200
    return render(request, "bookings/hosting/shared_capacity.html", context, status=status)


def _save(form: HostedSharedCapacityForm) -> bool:
    """All of it or nothing, where someone else was quicker."""
    is_new = form.instance.pk is None
    try:
        with transaction.atomic():
            shared = form.save()
            sharing = list(shared.stocks.values_list("pk", flat=True))
            # Those who wait need not wait for the next run of the job.
            transaction.on_commit(partial(offer_some_places, ticket_type_ids=sharing), robust=True)
    except EventError as error:
        if is_new:
            form.instance.pk = None
        form.add_error(FIELDS[error.code], str(error))
        return False
    return True


def _access(
    request: "AuthenticatedHttpRequest", slug: str, shared_capacity_id: int
) -> SharedCapacity:
    event = access_edited_event(slug=slug, user=request.user)
    shared = get_object_or_404(event.shared_capacities, pk=shared_capacity_id)
    shared.event = event
    return shared
