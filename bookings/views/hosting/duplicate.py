"""An event after the pattern of another one, on a new date."""

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.services.copying import store_copy
from events.access import access_edited_event
from events.editing import OVERVIEW
from events.forms.editing.copy import CopyForm
from events.services.copying import copy_of

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    form = CopyForm(
        request.POST if request.method == "POST" else None,
        instance=copy_of(event),
        initial={"key": uuid.uuid4()},
    )
    if form.is_valid():
        key = form.cleaned_data["key"]
        copy = store_copy(key=key, copy=form.instance, event=event)
        messages.success(request, "Here is the copy: a draft, which only your team sees.")
        return redirect(OVERVIEW, copy.slug)
    status = 400 if form.is_bound else 200
    context = {"event": event, "form": form}
    return render(request, "bookings/hosting/copy.html", context, status=status)
