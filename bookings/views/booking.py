"""One booking: its details, its confirmation, its end."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.access import access_booking, access_token, booking_link
from bookings.exceptions import BookingError, Refusal
from bookings.forms.details import DetailsForm
from bookings.models import Booking
from bookings.services.booking import (
    cancel_booking,
    confirm_booking,
    give_back_hold,
    keep_details,
)
from bookings.services.holding import extend_hold


@never_cache
@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    booking = _accessed(request, reference)
    if booking.is_pending and not booking.is_overdue:
        return redirect(booking_link(booking, "bookings:confirm"))
    return render(request, "bookings/detail.html", _context(booking))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    booking = _accessed(request, reference)
    if not booking.is_pending and not booking.is_overdue:
        return redirect(booking_link(booking))
    form = DetailsForm(request.POST if request.method == "POST" else None, booking=booking)
    is_complete = form.is_valid()
    if booking.is_overdue:
        return _choose_again(booking, form)
    if not is_complete:
        return _details_page(request, booking, form, status=400 if form.is_bound else 200)
    try:
        confirm_booking(
            booking=booking,
            payment_method=form.payment_method,
            user=request.user if request.user.is_authenticated else None,
            **form.details,
        )
    except BookingError as error:
        if error.code is Refusal.HOLD_EXPIRED:
            return _choose_again(booking, form)
        form.add_error(None, str(error))
        return _details_page(request, booking, form, status=409)
    return redirect(booking_link(booking))


def _details_page(
    request: HttpRequest, booking: Booking, form: DetailsForm, *, status: int
) -> HttpResponse:
    return render(request, "bookings/confirm.html", _context(booking, form=form), status=status)


def _choose_again(booking: Booking, form: DetailsForm) -> HttpResponse:
    """To the first step, with the earlier choice filled in and what was typed here kept."""
    if form.is_bound:
        keep_details(booking=booking, **form.typed)
    query = urlencode({"again": booking.reference, "access": access_token(booking)})
    return redirect(f"{reverse('bookings:create', args=[booking.event.slug])}?{query}")


@require_POST
def extend(request: HttpRequest, reference: str) -> HttpResponse:
    """More time for a hold. The button is in the details form, and what was typed is kept."""
    booking = _accessed(request, reference)
    keep_details(booking=booking, **DetailsForm(request.POST, booking=booking).typed)
    try:
        extend_hold(booking=booking)
    except BookingError as error:
        if error.code is not Refusal.ALREADY_EXTENDED:  # a second click on the same button
            messages.error(request, str(error))
    return redirect(booking_link(booking, "bookings:confirm"))


@require_POST
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    booking = _accessed(request, reference)
    try:
        give_back_hold(booking=booking)
    except BookingError as error:
        messages.info(request, str(error))
        return redirect(booking_link(booking))
    messages.success(request, "The places went back on sale.")
    return redirect(booking.event)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    booking = _accessed(request, reference)
    if request.method != "POST":
        return render(request, "bookings/cancel.html", _context(booking))
    try:
        cancel_booking(booking=booking)
    except BookingError as error:
        messages.error(request, str(error))
    return redirect(booking_link(booking))


def _accessed(request: HttpRequest, reference: str) -> Booking:
    return access_booking(
        reference=reference, user=request.user, token=request.GET.get("access", "")
    )


def _context(booking: Booking, **more: object) -> dict[str, object]:
    return {"booking": booking, "access": f"?access={access_token(booking)}", **more}
