"""What a buyer should know of a booking before it is made."""

from django import template
from django.utils import timezone

from bookings.models import Booking

register = template.Library()


@register.inclusion_tag("bookings/_cancellation_terms.html")
def cancellation_terms(booking: Booking) -> dict[str, object]:
    """Until when its buyer can cancel it, once it is confirmed."""
    until = booking.cancellable_until
    is_possible = until is not None and timezone.now() < until
    return {"event": booking.event, "until": until if is_possible else None}
