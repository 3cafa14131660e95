"""Cancelling a whole event, and watching how everyone is told."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bookings.access import access_hosted_event, acting_on
from bookings.forms.hosting import CancelEventForm
from bookings.hosting import Affected, affected_by_cancelling
from bookings.models import Notice, NoticeKind
from bookings.services.notices import cancel_event_and_bookings, progress_of
from events.models import Event

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    if event.is_cancelled and (notice := _cancellation_of(event)):
        return redirect("bookings:hosted_notice", event.slug, notice.pk)
    form = CancelEventForm(request.POST if request.method == "POST" else None, event=event)
    affected = affected_by_cancelling(event)
    is_possible = _can_be_cancelled(event, affected)
    if not is_possible or not form.is_valid():
        context = {
            "event": event,
            "form": form,
            "is_possible": is_possible,
            "affected": affected,
        }
        status = _status(form, is_possible=is_possible)
        return render(request, "bookings/hosting/cancel_event.html", context, status=status)
    by, text = acting_on(event, request.user), form.cleaned_data["text"]
    with transaction.atomic():
        notice, *others = [
            cancel_event_and_bookings(event=date, by=by, text=text) for date in form.events
        ]
    if others:
        count = len(others)
        messages.success(
            request,
            f"Cancelled with {count} date{pluralize(count)} after it, whose buyers are told.",
        )
    return redirect("bookings:hosted_notice", event.slug, notice.pk)


@never_cache
@login_required
@require_safe
def watch_notice(request: "AuthenticatedHttpRequest", slug: str, notice_id: int) -> HttpResponse:
    """How far a notice has come. The page reloads itself until everyone was told."""
    event = access_hosted_event(slug=slug, user=request.user)
    notice = get_object_or_404(Notice.objects.told().for_listing(), event=event, pk=notice_id)
    progress = progress_of(notice)
    context = {
        "event": event,
        "notice": notice,
        "progress": progress,
        "is_under_way": notice.finished_at is None or progress.on_their_way > 0,
    }
    return render(request, "bookings/hosting/notice.html", context)


def _cancellation_of(event: Event) -> Notice | None:
    return event.notices.filter(kind=NoticeKind.CANCELLED).first()


def _can_be_cancelled(event: Event, affected: Affected) -> bool:
    """An event that an import cancelled may have bookings still."""
    if event.is_over:
        return False
    return event.is_published or (event.is_cancelled and affected.bookings > 0)


def _status(form: CancelEventForm, *, is_possible: bool) -> int:
    if not form.is_bound:
        return 200
    return 400 if is_possible else 409
