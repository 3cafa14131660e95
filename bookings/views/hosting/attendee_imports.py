"""Attendees from a file: sending it, and watching how they come in."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.access import access_hosted_event, acting_on
from bookings.exceptions import BookingError
from bookings.forms.attendee_import import MOST_BYTES, AttendeeFileForm
from bookings.models import AttendeeImport
from bookings.services.attendee_imports import start_import, try_again
from eventmate.uploads import takes_uploads

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@takes_uploads(MOST_BYTES + 2**20)
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    is_sent = request.method == "POST"
    form = AttendeeFileForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            attendee_import = start_import(
                event=event,
                file_name=file.name,
                content=file.read(),
                is_free=form.cleaned_data["is_free"],
                by=acting_on(event, request.user),
            )
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            return redirect("bookings:hosted_import_watch", event.slug, attendee_import.pk)
    context = {
        "event": event,
        "form": form,
        "ticket_types": event.ticket_types.filter(stock__isnull=False),
        "earlier": event.attendee_imports.defer("content")[:5],
    }
    status = 400 if form.is_bound else 200
    return render(request, "bookings/hosting/import_attendees.html", context, status=status)


@never_cache
@login_required
@require_safe
def watch(request: "AuthenticatedHttpRequest", slug: str, import_id: int) -> HttpResponse:
    """How far an import has come. The page reloads itself until it has ended."""
    attendee_import = _accessed(request, slug, import_id)
    context = {
        "event": attendee_import.event,
        "import": attendee_import,
        "more_problems": attendee_import.problem_count - len(attendee_import.problems),
    }
    return render(request, "bookings/hosting/attendee_import.html", context)


@login_required
@require_POST
def again(request: "AuthenticatedHttpRequest", slug: str, import_id: int) -> HttpResponse:
    """Of an import that failed."""
    attendee_import = _accessed(request, slug, import_id)
    try_again(attendee_import=attendee_import)
    return redirect("bookings:hosted_import_watch", slug, attendee_import.pk)


def _accessed(request: "AuthenticatedHttpRequest", slug: str, import_id: int) -> AttendeeImport:
    event = access_hosted_event(slug=slug, user=request.user)
    imports = AttendeeImport.objects.defer("content")
    attendee_import = get_object_or_404(imports, event=event, pk=import_id)
    attendee_import.event = event
    return attendee_import
