"""The ticket types of an event: all of them, a new one, one, its place among them, and its end."""

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
from bookings.services.withdrawing import delete_ticket_type
from events.access import access_edited_event
from events.editing import TICKETS, Progress
from events.exceptions import EventError, EventRefusal
from events.forms.editing.ticket_type import HostedTicketTypeForm
from events.models import Event, TicketType
from events.services.ticket_types import move_ticket_type
from events.views.hosting.following import say_how_many

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.typing import AuthenticatedHttpRequest

ANOTHER = "another"
# Where a refusal is told; any other stands above the form.
FIELDS = {
    EventRefusal.CAPACITY_BELOW_TAKEN: "capacity",
    EventRefusal.DOES_NOT_FIT: "shared_capacity",
}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_types(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    """The list; of an event that has none, the form of the first."""
    event = access_edited_event(slug=slug, user=request.user)
    ticket_types = list(_ticket_types_of(event))
    if not ticket_types:
        return _write(request, event, TicketType(event=event), is_first=True)
    progress = Progress(TICKETS, event)
    if request.method == "POST":
        return redirect(progress.after_saving(request.POST))
    context = {
        "event": event,
        "ticket_types": ticket_types,
        "shared_capacities": event.shared_capacities.prefetch_related("stocks__ticket_type"),
        "progress": progress,
    }
    return render(request, "bookings/hosting/ticket_types.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    return _write(request, event, TicketType(event=event))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: "AuthenticatedHttpRequest", slug: str, ticket_type_id: int) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    ticket_type = get_object_or_404(_ticket_types_of(event), pk=ticket_type_id)
    return _write(request, event, ticket_type)


@login_required
@require_POST
def move(request: "AuthenticatedHttpRequest", slug: str, ticket_type_id: int) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    ticket_type = get_object_or_404(_ticket_types_of(event), pk=ticket_type_id)
    move_ticket_type(ticket_type=ticket_type, up=request.POST.get("to") == "up")
    return redirect("bookings:hosted_tickets", event.slug)


@login_required
@require_POST
def delete(request: "AuthenticatedHttpRequest", slug: str, ticket_type_id: int) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    ticket_type = get_object_or_404(_ticket_types_of(event), pk=ticket_type_id)
    try:
        delete_ticket_type(ticket_type=ticket_type)
    except EventError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{ticket_type}” is deleted.")
    return redirect("bookings:hosted_tickets", event.slug)


def _write(
    request: "AuthenticatedHttpRequest",
    event: Event,
    ticket_type: TicketType,
    *,
    is_first: bool = False,
) -> HttpResponse:
    """The first one is a step like the others; the others lead back to the list."""
    progress = Progress(TICKETS, event)
    data = request.POST if request.method == "POST" else None
    form = HostedTicketTypeForm(data, instance=ticket_type, event=event)
    if form.is_valid() and _save(form):
        say_how_many(request, len(form.changed_dates))
        if request.POST.get("then") == ANOTHER:
            return redirect("bookings:hosted_new_ticket_type", event.slug)
        return redirect(progress.next_url if is_first else progress.own_url)
    context = {"event": event, "form": form, "progress": progress, "is_first": is_first}
    status = 400 if form.is_bound else 200
    return render(request, "bookings/hosting/ticket_type.html", context, status=status)


def _save(form: HostedTicketTypeForm) -> bool:
    """Where places were taken meanwhile that a lower capacity leaves out, nothing is saved."""
    try:
        with transaction.atomic():
            ticket_type = form.save()
            # Those who wait need not wait for the next run of the job.
            changed = [ticket_type, *form.changed_dates]
            offer = partial(offer_some_places, ticket_type_ids=[row.pk for row in changed])
            transaction.on_commit(offer, robust=True)
    except EventError as error:
        form.add_error(FIELDS.get(error.code), str(error))
        return False
    return True


def _ticket_types_of(event: Event) -> "QuerySet[TicketType]":
    return event.ticket_types.with_stock().filter(stock__isnull=False)
