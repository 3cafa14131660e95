"""The first step: what an event is. It makes the draft; bookings has its page afterwards."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events.editing import WHAT, Progress
from events.forms.editing.what import NewEventForm
from events.services.drafts import create_draft

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: "AuthenticatedHttpRequest") -> HttpResponse:
    form = NewEventForm(request.POST if request.method == "POST" else None, user=request.user)
    if not form.hosts:
        return render(request, "events/editing/no_host.html")
    if not form.is_valid():
        context = {"form": form, "progress": Progress(WHAT)}
        status = 400 if form.is_bound else 200
        return render(request, "events/editing/what.html", context, status=status)
    event = create_draft(**{name: form.cleaned_data[name] for name in form.fields})
    messages.success(request, "Saved as a draft, which only your team sees.")
    return redirect(Progress(WHAT, event).after_saving(request.POST))
