"""An event on more dates than one: a series out of it, and more dates of a series."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.services.series import extend_series, repeat_event
from events.access import access_edited_event
from events.exceptions import EventError
from events.forms.editing.repeat import ExtendForm, RepeatForm
from events.models import Event
from events.recurrence import MOST_DATES
from events.services.series import last_day_of

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: "AuthenticatedHttpRequest", slug: str) -> HttpResponse:
    event = access_edited_event(slug=slug, user=request.user)
    if event.series is not None and "last_day" not in request.POST and request.method == "POST":
        return _repeat(request, event)  # a form that was sent twice: the second time
    if event.series is not None:
        last_day = last_day_of(event.series)
        data = request.POST if request.method == "POST" else None
        form = ExtendForm(data, event=event, series=event.series, last_day=last_day)
        return _answer(request, event, form)
    return _repeat(request, event)


def _repeat(request: "AuthenticatedHttpRequest", event: Event) -> HttpResponse:
    why_not = _why_not(event)
    if why_not:
        context = {"event": event, "why_not": why_not}
        status = 409 if request.method == "POST" else 200
        return render(request, "bookings/hosting/repeat.html", context, status=status)
    data = request.POST if request.method == "POST" else None
    return _answer(request, event, RepeatForm(data, event=event))


def _answer(
    request: "AuthenticatedHttpRequest", event: Event, form: RepeatForm | ExtendForm
) -> HttpResponse:
    """First the dates are looked at; what was seen is made."""
    status = 200
    if form.is_valid() and form.is_confirmed:
        try:
            _make(event, form)
        except EventError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            count = len(form.slots)
            messages.success(request, f"{count} new date{pluralize(count)}: here they all are.")
            return redirect("bookings:hosted_dates", event.slug)
    elif form.errors:
        status = 400
    context = {"event": event, "form": form, "most": MOST_DATES}
    return render(request, "bookings/hosting/repeat.html", context, status=status)


def _make(event: Event, form: RepeatForm | ExtendForm) -> None:
    cleaned = form.cleaned_data
    is_public = cleaned.get("is_public", False)
    slots, left_out = form.slots, form.days_left_out
    if isinstance(form, ExtendForm):
        extend_series(
            event=event,
            last_day=cleaned["last_day"],
            slots=slots,
            left_out=left_out,
            is_public=is_public,
        )
        return
    repeat_event(
        key=cleaned["key"],
        event=event,
        rule=form.rule,
        slots=slots,
        left_out=left_out,
        is_public=is_public,
    )


def _why_not(event: Event) -> str:
    if not event.is_scheduled:
        return "It has no date yet. Give it the first one, then repeat it."
    if event.is_cancelled:
        return "It is cancelled. Make it a draft again, or a copy of it, and repeat that."
    if event.is_over:
        return "It is over. Hold it once more, on a new date, and repeat that."
    return ""
