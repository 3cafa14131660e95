"""One booking: its details, its confirmation, its end."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.access import (
    access_booking,
    access_token,
    booking_link,
    tickets_of_buyer,
)
from bookings.actors import Actor
from bookings.answers import answers_of
from bookings.exceptions import BookingError, Refusal
from bookings.forms.details import DetailsForm
from bookings.loading import questions_asked
from bookings.metrics import count_refusal
from bookings.models import Booking
from bookings.services.booking import (
    cancel_booking,
    confirm_booking,
    give_back_hold,
    keep_details,
)
from bookings.services.holding import extend_hold
from bookings.views.turns import in_turn


@never_cache
@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    booking = accessed_booking(request, reference)
    if booking.is_pending and not booking.is_overdue:
        return redirect(booking_link(booking, "bookings:confirm"))
    return booking_page(request, booking)


def booking_page(request: HttpRequest, booking: Booking, *, status: int = 200) -> HttpResponse:
    context = booking_context(
        booking,
        has_valid_tickets=booking.has_valid_tickets,
        tickets_of_buyer=tickets_of_buyer(booking),
        answers=answers_of([booking]),
    )
    return render(request, "bookings/detail.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_turn
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    booking = accessed_booking(request, reference)
    if not booking.is_pending and not booking.is_overdue:
        return redirect(booking_link(booking))
    form = _details_form(request, booking)
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
        count_refusal(error)
        if error.code is Refusal.HOLD_EXPIRED:
            return _choose_again(booking, form)
        form.add_error(None, str(error))
        return _details_page(request, booking, form, status=409)
    return redirect(booking_link(booking))


def _details_form(request: HttpRequest, booking: Booking) -> DetailsForm:
    return DetailsForm(
        request.POST if request.method == "POST" else None,
        booking=booking,
        questions=questions_asked(booking.event_id),
    )


def _details_page(
    request: HttpRequest, booking: Booking, form: DetailsForm, *, status: int
) -> HttpResponse:
    return render(
        request, "bookings/confirm.html", booking_context(booking, form=form), status=status
    )


def _choose_again(booking: Booking, form: DetailsForm) -> HttpResponse:
    """To the first step, with the earlier choice filled in and what was typed here kept."""
    if form.is_bound:
        keep_details(booking=booking, **form.typed)
    query = urlencode({"again": booking.reference, "access": access_token(booking)})
    return redirect(f"{reverse('bookings:create', args=[booking.event.slug])}?{query}")


@require_POST
def extend(request: HttpRequest, reference: str) -> HttpResponse:
    """More time for a hold. The button is in the details form, and what was typed is kept."""
    booking = accessed_booking(request, reference)
    keep_details(booking=booking, **_details_form(request, booking).typed)
    try:
        extend_hold(booking=booking)
    except BookingError as error:
        if error.code is not Refusal.ALREADY_EXTENDED:  # a second click on the same button
            messages.error(request, str(error))
    return redirect(booking_link(booking, "bookings:confirm"))


@require_POST
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    booking = accessed_booking(request, reference)
    try:
        give_back_hold(booking=booking, by=Actor.buyer(request.user))
    except BookingError as error:
        messages.info(request, str(error))
        return redirect(booking_link(booking))
    messages.success(request, "The places are free for others again.")
    return redirect(booking.event)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    booking = accessed_booking(request, reference)
    if request.method != "POST":
        return render(request, "bookings/cancel.html", booking_context(booking))
    try:
        cancel_booking(booking=booking, by=Actor.buyer(request.user))
    except BookingError as error:
        messages.error(request, str(error))
    return redirect(booking_link(booking))


def accessed_booking(request: HttpRequest, reference: str) -> Booking:
    return access_booking(
        reference=reference, user=request.user, token=request.GET.get("access", "")
    )


def booking_context(booking: Booking, **more: object) -> dict[str, object]:
    token = access_token(booking)
    return {"booking": booking, "token": token, "access": f"?access={token}", **more}
