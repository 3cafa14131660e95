"""The dates of a series: all of them, deleting some, publishing those that are drafts."""

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bookings.series import hosted_dates
from bookings.services.series import remove_dates
from bookings.services.waitlist import offer_some_places
from events.access import access_edited_event
from events.exceptions import EventError
from events.models import Event, TicketType
from events.recurrence import in_words
from events.services.series import publish_dates

# Of what a column takes.
LONGEST_ID = 19

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_dates(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    if event.series is None:
        return redirect("bookings:hosted_repeat", event.slug)
    why_not = ""
    if request.method == "POST":
        why_not = _remove(request, event)
        if not why_not:
            return _to_those_left(event)
    dates = hosted_dates(event)
    context = {
        "event": event,
        "dates": dates,
        "rule": in_words(event.series.rule),
        "drafts": sum(date.event.status == "draft" for date in dates),
        "has_removable": any(date.is_removable for date in dates),
        "chosen": set(request.POST.getlist("date")),
        "why_not": why_not,
    }
    status = 409 if why_not else 200
    return render(request, "bookings/hosting/dates.html", context, status=status)


@login_required
@require_POST
def publish(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    if event.series_id is None:
        return redirect("bookings:hosted_edit", event.slug)
    with transaction.atomic():
        published, left = publish_dates(event=event)
        types = TicketType.objects.filter(event__in=published).values_list("pk", flat=True)
        # Those who wait need not wait for the next run of the job.
        offer = partial(offer_some_places, ticket_type_ids=list(types))
        transaction.on_commit(offer, robust=True)
    if published:
        count = len(published)
        messages.success(
            request, f"{count} date{pluralize(count)} {pluralize(count, 'is,are')} published."
        )
    if left:
        named = ", ".join(date.schedule.dates for date in left)
        messages.warning(request, f"Still drafts, as something is missing: {named}.")
    return redirect("bookings:hosted_dates", event.slug)


def _remove(request: "AuthenticatedHttpRequest", event: Event) -> str:
    """Why not, or nothing."""
    chosen = [
        int(pk) for pk in request.POST.getlist("date") if pk.isdecimal() and len(pk) < LONGEST_ID
    ]
    if not chosen:
        return "Tick the dates that you want to delete."
    try:
        count = remove_dates(event=event, chosen=chosen)
    except EventError as error:
        return str(error)
    messages.success(
        request, f"{count} date{pluralize(count)} {pluralize(count, 'is,are')} deleted."
    )
    return ""


def _to_those_left(event: Event) -> HttpResponse:
    """The date that someone came from may be one that is gone."""
    left = Event.objects.dates_of(event)
    date = left.filter(pk=event.pk).first() or left.first()
    return redirect("bookings:hosted_dates", date.slug) if date else redirect("bookings:hosting")
