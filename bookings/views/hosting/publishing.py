"""What an event still lacks; publishing it, taking it back, and deleting a draft."""

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.services.waitlist import offer_some_places
from bookings.services.withdrawing import delete_draft, why_not_withdrawn, withdraw_event
from events.access import access_edited_event
from events.editing import PICTURES, STEPS
from events.exceptions import EventError
from events.models import Event, EventStatus
from events.readiness import checklist_of
from events.services.publishing import publish_event, reopen_event

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_safe
def overview(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    return _show(request, event)


@login_required
@require_POST
def publish(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    if event.status == EventStatus.DRAFT and not checklist_of(event).is_ready:
        return _show(request, event, status=409)
    try:
        with transaction.atomic():
            event = publish_event(event=event)
            _offer_places_after_commit(event)
    except EventError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It is published: everyone can find and book it now.")
    return redirect("bookings:hosted_edit", event.slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unpublish(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    why_not = why_not_withdrawn(event)
    if request.method == "POST":
        try:
            withdraw_event(event=event)
        except EventError as error:
            why_not = str(error)
        else:
            messages.success(request, "It is a draft again, which only your team sees.")
            return redirect("bookings:hosted_edit", event.slug)
    context = {"event": event, "why_not": why_not}
    status = 409 if request.method == "POST" else 200
    return render(request, "bookings/hosting/unpublish.html", context, status=status)


@login_required
@require_POST
def reopen(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    """A cancelled event is a draft once more."""
    event = access_edited_event(slug=slug, user=request.user)
    try:
        reopen_event(event=event)
    except EventError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It is a draft again, which only your team sees.")
    return redirect("bookings:hosted_edit", event.slug)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    why_not = "" if event.status == EventStatus.DRAFT else "Only a draft can be deleted."
    if request.method == "POST":
        try:
            delete_draft(event=event)
        except EventError as error:
            why_not = str(error)
        else:
            messages.success(request, f"“{event}” is deleted.")
            return redirect("bookings:hosting")
    context = {"event": event, "why_not": why_not}
    status = 409 if request.method == "POST" else 200
    return render(request, "bookings/hosting/delete_draft.html", context, status=status)


def _show(request: "AuthenticatedHttpRequest", event: Event, status: int = 200) -> HttpResponse:
    context = {
        "event": event,
        "checklist": checklist_of(event),
        "steps": (*STEPS, PICTURES),
        "is_refused": status != 200,
    }
    if event.series_id:
        drafts = Event.objects.dates_of(event).filter(status=EventStatus.DRAFT)
        context["drafts_of_series"] = drafts.count()
    return render(request, "bookings/hosting/edit.html", context, status=status)


def _offer_places_after_commit(event: Event) -> None:
    """Those who wait need not wait for the next run of the job."""
    ticket_type_ids = list(event.ticket_types.values_list("pk", flat=True))
    transaction.on_commit(partial(offer_some_places, ticket_type_ids=ticket_type_ids), robust=True)
