"""The first step of a booking: choose tickets, and hold them."""

import datetime as dt
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.access import access_booking, booking_link
from bookings.exceptions import BookingError, Refusal
from bookings.forms.choice import MOST_OF_A_CODE, ChoiceForm, quantities_in
from bookings.metrics import count_refusal
from bookings.models import Booking
from bookings.services.choice import is_scarce
from bookings.services.expiry import release_overdue_holds
from bookings.services.holding import HOLD_DURATION, hold_places
from bookings.services.inventory import places_of
from bookings.services.price_list import PriceList, price_list_of, refresh_stock
from bookings.views.turns import in_turn
from events.models import TicketType
from events.offered import event_to_book_or_404
from events.sources import PARAMETER, source_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def create(request: HttpRequest, slug: str) -> HttpResponse:
    if "apply" in request.POST:
        return _with_code(request, slug)
    earlier = _hold_to_choose_again(request, slug)
    form = _form(request, _prices(request, slug, earlier), earlier)
    if _release_for_page(form):
        form = _form(request, _prices(request, slug, earlier), earlier)
    if not form.is_valid():
        return _page(request, form, earlier, status=400 if form.is_bound else 200)
    try:
        booking = hold_places(
            event=form.prices.event,
            quantities=form.quantities,
            idempotency_key=form.cleaned_data["idempotency_key"],
            user=request.user if request.user.is_authenticated else None,
            promo_code=form.cleaned_data["code"],
            source=form.cleaned_data[PARAMETER],
            instead_of=earlier,
        )
    except BookingError as error:
        return _refused(request, form.prices, earlier, error)
    return redirect(booking_link(booking, "bookings:confirm"))


def _with_code(request: HttpRequest, slug: str) -> HttpResponseRedirect:
    """To the same page with the code in its address, which can be passed on, and the choice kept.

    The form was posted, so that its key and its token stay out of that address.
    """
    query = {name: request.GET[name] for name in ("again", "access") if name in request.GET}
    if source := source_in(request.POST):
        query[PARAMETER] = source
    query["code"] = request.POST.get("code", "").strip()[:MOST_OF_A_CODE]
    query |= {ChoiceForm.field_name(pk): str(n) for pk, n in quantities_in(request.POST).items()}
    return redirect(f"{reverse('bookings:create', args=[slug])}?{urlencode(query)}#code")


def _release_for_page(form: ChoiceForm) -> int:
    """Free what holds that ran out still keep: uses of a code that looks used up, and places of
    ticket types that look sold out; those of a choice the service frees itself.
    """
    problem = form.prices.problem
    if problem and problem.code is Refusal.PROMO_CODE_USED_UP:
        of_event = TicketType.objects.filter(event=form.prices.event).values_list("pk", flat=True)
        return release_overdue_holds(ticket_type_ids=list(of_event))
    scarce = [row.pk for row in form.prices.ticket_types if is_scarce(row)]
    return release_overdue_holds(ticket_type_ids=scarce) if scarce and not form.is_bound else 0


def _refused(
    request: HttpRequest, prices: PriceList, earlier: Booking | None, error: BookingError
) -> HttpResponse:
    """The form again, beside what is left by now."""
    count_refusal(error)
    if error.code is Refusal.SOLD_OUT:
        refresh_stock(prices.ticket_types)  # nearly all answers to a rush are this one
    else:
        prices = _prices(request, prices.event.slug, earlier)
    form = _form(request, prices, earlier)
    form.show_refusal(error)
    return _page(request, form, earlier, status=409 if error.is_conflict else 400)


def _prices(request: HttpRequest, slug: str, earlier: Booking | None) -> PriceList:
    event = event_to_book_or_404(slug=slug, user=request.user)
    return price_list_of(event=event, promo_code=_typed_code(request, earlier))


def _form(request: HttpRequest, prices: PriceList, earlier: Booking | None) -> ChoiceForm:
    return ChoiceForm(
        request.POST if request.method == "POST" else None,
        prices=prices,
        code=_typed_code(request, earlier),
        source=source_in(request.GET) or (earlier.source if earlier else ""),
        chosen=quantities_in(request.GET) or (places_of([earlier]) if earlier else None),
    )


def _typed_code(request: HttpRequest, earlier: Booking | None) -> str:
    typed = request.POST if request.method == "POST" else request.GET
    if "code" in typed:
        return typed["code"].strip()
    return earlier.promo_code.code if earlier and earlier.promo_code else ""


def _page(
    request: HttpRequest, form: ChoiceForm, earlier: Booking | None, *, status: int
) -> HttpResponse:
    event = form.prices.event
    has_promo_codes = form["code"].value() or event.promo_codes.filter(is_active=True).exists()
    context = {
        "event": event,
        "is_open": not event.is_cancelled and not event.is_over,
        "form": form,
        "has_promo_codes": has_promo_codes,
        "earlier": earlier,
        "hold_minutes": HOLD_DURATION // dt.timedelta(minutes=1),
    }
    return render(request, "bookings/choose.html", context, status=status)


def _hold_to_choose_again(request: HttpRequest, slug: str) -> Booking | None:
    """The hold that ran out, where its page sent the visitor here."""
    if not (reference := request.GET.get("again", "")):
        return None
    earlier = access_booking(
        reference=reference, user=request.user, token=request.GET.get("access", "")
    )
    if earlier.event.slug != slug:
        raise Http404
    return earlier if earlier.is_overdue else None
