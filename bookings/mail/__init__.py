"""Mail about bookings, sent by the job worker."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from bookings.access import booking_link
from bookings.models import Booking

RETRIES = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="bookings.send_confirmation", retry=RETRIES)
def send_confirmation(booking_id: int) -> None:
    booking = Booking.objects.for_page().get(pk=booking_id)
    if not booking.is_confirmed:
        return  # cancelled before the worker came to it
    context = {"booking": booking, "link": settings.PUBLIC_URL + booking_link(booking)}
    message = EmailMultiAlternatives(
        subject=f"Your tickets for {' '.join(booking.event.title.split())}",
        body=render_to_string("bookings/mail/confirmation.txt", context),
        to=[booking.email],
    )
    message.attach_alternative(
        render_to_string("bookings/mail/confirmation.html", context), "text/html"
    )
    message.send()
