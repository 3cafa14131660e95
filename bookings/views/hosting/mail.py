"""Sending a booking's mails once more."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from bookings.access import access_hosted_event, acting_on
from bookings.exceptions import BookingError
from bookings.forms.hosting import ConfirmationForm
from bookings.models import Booking, Message
from bookings.services.contact import change_email
from bookings.services.resending import resend_to_present_address

if TYPE_CHECKING:
    from accounts.typing import AuthenticatedHttpRequest


@login_required
@require_POST
def resend(request: "AuthenticatedHttpRequest", slug: str, message_id: int) -> HttpResponse:
    event = access_hosted_event(slug=slug, user=request.user)
    mails = Message.objects.select_related("booking").filter(booking__event=event)
    message = get_object_or_404(mails, pk=message_id)
    try:
        resend_to_present_address(message=message)
    except BookingError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"On its way once more: {message.get_kind_display()}.")
    return redirect("bookings:hosted_booking", event.slug, message.booking)


@login_required
@require_POST
def send_confirmation(
    request: "AuthenticatedHttpRequest", slug: str, reference: str
) -> HttpResponse:
    """To the address that was typed, which the booking keeps."""
    event = access_hosted_event(slug=slug, user=request.user)
    booking = get_object_or_404(Booking, event=event, reference=reference)
    form = ConfirmationForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["email"])))
        return redirect("bookings:hosted_booking", event.slug, booking.reference)
    email = form.cleaned_data["email"]
    try:
        change_email(booking=booking, email=email, by=acting_on(event, request.user))
    except BookingError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, f"The confirmation is on its way to {email}.")
    return redirect("bookings:hosted_booking", event.slug, booking.reference)
