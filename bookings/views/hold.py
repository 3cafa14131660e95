"""The first step of a booking: choose tickets, and hold them."""

import datetime as dt
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.access import access_booking, booking_link
from bookings.exceptions import BookingError
from bookings.forms.choice import ChoiceForm
from bookings.models import Booking
from bookings.services.expiry import release_overdue_holds
from bookings.services.holding import HOLD_DURATION, hold_places
from bookings.services.inventory import places_of
from events.models import Event, TicketType


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, slug: str) -> HttpResponse:
    event = _event(request, slug)
    if _release_for_page(event.ticket_types.all()):
        event = _event(request, slug)
    earlier = _hold_to_choose_again(request, event)
    form = _form(request, event, earlier)
    if not form.is_valid():
        return _page(request, event, form, earlier, status=400 if form.is_bound else 200)
    try:
        booking = hold_places(
            event=event,
            quantities=form.quantities,
            idempotency_key=form.cleaned_data["idempotency_key"],
            user=request.user if request.user.is_authenticated else None,
            instead_of=earlier,
        )
    except BookingError as error:
        return _refused(request, slug, earlier, error)
    return redirect(booking_link(booking, "bookings:confirm"))


def _release_for_page(ticket_types: Iterable[TicketType]) -> int:
    """Free what holds that ran out still keep of ticket types that look sold out."""
    scarce = [row.pk for row in ticket_types if row.stock.left < row.min_per_booking]
    return release_overdue_holds(ticket_type_ids=scarce) if scarce else 0


def _refused(
    request: HttpRequest, slug: str, earlier: Booking | None, error: BookingError
) -> HttpResponse:
    """The form again, beside what is left by now."""
    event = _event(request, slug)
    form = _form(request, event, earlier)
    form.show_refusal(error)
    return _page(request, event, form, earlier, status=409 if error.is_conflict else 400)


def _event(request: HttpRequest, slug: str) -> Event:
    events = Event.objects.visible_to(request.user).for_detail(request.user)
    return get_object_or_404(events, slug=slug)


def _form(request: HttpRequest, event: Event, earlier: Booking | None) -> ChoiceForm:
    return ChoiceForm(
        request.POST if request.method == "POST" else None,
        ticket_types=event.ticket_types.all(),
        earlier_choice=places_of([earlier]) if earlier else None,
    )


def _page(
    request: HttpRequest, event: Event, form: ChoiceForm, earlier: Booking | None, *, status: int
) -> HttpResponse:
    minutes = HOLD_DURATION // dt.timedelta(minutes=1)
    context = {"event": event, "form": form, "earlier": earlier, "hold_minutes": minutes}
    return render(request, "bookings/choose.html", context, status=status)


def _hold_to_choose_again(request: HttpRequest, event: Event) -> Booking | None:
    """The hold that ran out, where its page sent the visitor here."""
    if not (reference := request.GET.get("again", "")):
        return None
    earlier = access_booking(
        reference=reference, user=request.user, token=request.GET.get("access", "")
    )
    if earlier.event_id != event.pk:
        raise Http404
    return earlier if earlier.is_overdue else None
