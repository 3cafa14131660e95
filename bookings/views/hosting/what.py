"""What an event is, and whose: with those who have booked it, its host's for good."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.series import asked_for_in
from events.access import access_edited_event
from events.editing import WHAT, Progress
from events.forms.editing.what import WhatForm
from events.views.hosting.following import say_how_many

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    form = WhatForm(
        request.POST if request.method == "POST" else None,
        instance=event,
        user=request.user,
        keeps_host=bool(asked_for_in([event.pk])),
    )
    progress = Progress(WHAT, event)
    if form.is_valid():
        form.save()
        say_how_many(request, len(form.changed_dates))
        return redirect(progress.after_saving(request.POST))
    context = {"form": form, "progress": progress, "event": event}
    status = 400 if form.is_bound else 200
    return render(request, "events/editing/what.html", context, status=status)
