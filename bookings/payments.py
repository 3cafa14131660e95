"""Which ways to pay a booking has. A payment provider becomes a PaymentMethod and a line here."""

from decimal import Decimal

from bookings.models import PaymentMethod
from events.models import Event


def payment_methods_for(*, event: Event, total: Decimal) -> list[PaymentMethod]:
    """The methods to choose from, the usual one first; empty where the booking cannot be paid."""
    if total == 0:
        return [PaymentMethod.FREE]
    return [PaymentMethod.AT_DOOR] if event.allows_pay_at_door else []
