"""The steps of an event whose change its buyers should hear of: when and where."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.access import acting_on
from bookings.forms.announcement import AnnouncedWhenForm, AnnouncedWhereForm
from bookings.models import Booking
from bookings.services.notices import tell_of_change
from events.access import access_edited_event
from events.editing import WHEN, WHERE, Progress, Step
from events.models import Event

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest

StepForm = AnnouncedWhenForm | AnnouncedWhereForm


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_when(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    return _edit(request, slug, WHEN, AnnouncedWhenForm, "bookings/hosting/when.html")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_where(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    return _edit(request, slug, WHERE, AnnouncedWhereForm, "bookings/hosting/where.html")


def _edit(
    request: "AuthenticatedHttpRequest",
    slug: str,
    step: Step,
    form_class: type[StepForm],
    template: str,
) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    progress = Progress(step, event)
    buyers = _buyers_of(event)
    data = request.POST if request.method == "POST" else None
    form = form_class(data, instance=event, buyers=buyers)
    if form.is_left:
        return redirect(progress.after_saving(request.POST))
    if not form.is_valid():
        context = {"event": event, "form": form, "progress": progress, "buyers": buyers}
        return render(request, template, context, status=400 if form.is_bound else 200)
    with transaction.atomic():
        form.save()
        if news := form.news():
            tell_of_change(event=event, by=acting_on(event, request.user), **news)
            told = f"{buyers} buyer{pluralize(buyers)} {pluralize(buyers, 'is,are')} being told."
            messages.success(request, told)
    return redirect(progress.after_saving(request.POST))


def _buyers_of(event: Event) -> int:
    """Those who are told of a new time or place: of a draft or of what is over, nobody is."""
    if not event.is_published or event.is_over:
        return 0
    return Booking.objects.confirmed().filter(event=event).count()
