"""The steps of an event whose change its buyers should hear of: when and where."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count
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
from events.services.following_dates import DateImpossibleError
from events.views.hosting.following import say_how_many

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
    buyers, others = _buyers_of(event), _buyers_of_following(event)
    data = request.POST if request.method == "POST" else None
    form = form_class(data, instance=event, buyers=buyers + sum(others.values()))
    if form.is_left:
        return redirect(progress.after_saving(request.POST))
    if not form.is_valid() or not _save(request, form, {event.pk: buyers} | others):
        context = {
            "event": event,
            "form": form,
            "progress": progress,
            "buyers": buyers,
            "buyers_of_following": sum(others.values()),
        }
        return render(request, template, context, status=400 if form.is_bound else 200)
    return redirect(progress.after_saving(request.POST))


def _save(request: "AuthenticatedHttpRequest", form: StepForm, buyers: Mapping[int, int]) -> bool:
    """With the other dates of the series that change, and all who are told: all or nothing."""
    event = form.instance
    try:
        with transaction.atomic():
            form.save()
            news = {event: form.news()} | {
                date.event: form.news_of(date) for date in form.changed_dates
            }
            told = 0
            for changed, what in news.items():
                if what and buyers.get(changed.pk):
                    tell_of_change(event=changed, by=acting_on(event, request.user), **what)
                    told += buyers[changed.pk]
    except DateImpossibleError as error:
        form.explain(error)
        return False
    if told:
        told_whom = f"{told} buyer{pluralize(told)} {pluralize(told, 'is,are')} being told."
        messages.success(request, told_whom)
    say_how_many(request, len(form.changed_dates))
    return True


def _buyers_of(event: Event) -> int:
    """Those who are told of a new time or place: of a draft or of what is over, nobody is."""
    if not event.is_published or event.is_over:
        return 0
    return Booking.objects.confirmed().filter(event=event).count()


def _buyers_of_following(event: Event) -> dict[int, int]:
    """By the ids of the dates after it that have some."""
    if event.series_id is None:
        return {}
    dates = Event.objects.following(event).published().order_by().values("pk")
    booked = Booking.objects.confirmed().filter(event__in=dates)
    return dict(booked.order_by().values_list("event").annotate(count=Count("pk")))
