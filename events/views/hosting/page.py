"""The last step, what people read, and the page as they will see it."""

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events.access import access_edited_event
from events.availability import offer_of
from events.cards import load_similar
from events.editing import PAGE, Progress
from events.forms.editing.page import PageForm
from events.models import Event, EventStatus
from events.views.hosting.following import say_how_many

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest

LOOK = "look"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    progress = Progress(PAGE, event)
    is_look = request.POST.get("then") == LOOK
    form = PageForm(request.POST if request.method == "POST" else None, instance=event)
    if form.is_valid() and not is_look:
        form.save()
        say_how_many(request, len(form.changed_dates))
        return redirect(progress.after_saving(request.POST))
    context = {"form": form, "progress": progress, "event": event, "is_look": is_look}
    status = 400 if form.errors else 200
    return render(request, "events/editing/page.html", context, status=status)


@never_cache
@login_required
@require_safe
def preview(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    """The page as visitors will see it. Of what they see already, that page itself."""
    event = access_edited_event(slug=slug, user=request.user)
    if event.status != EventStatus.DRAFT:
        return redirect(event)
    visitor = AnonymousUser()
    event = get_object_or_404(Event.objects.for_detail(visitor), pk=event.pk)
    event.status = EventStatus.PUBLISHED  # to be seen so; it is not stored
    context = {
        "event": event,
        "offer": offer_of(event),
        "reviews": [],
        "similar": load_similar(event, visitor),
        "is_preview": True,
    }
    return render(request, "events/detail.html", context)
