"""The states of a booking, and every change of state that there is."""

from typing import Final

from django.db import models


class BookingStatus(models.TextChoices):
    PENDING = "pending", "Held"
    CONFIRMED = "confirmed", "Confirmed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


# A trigger made of this refuses any other change, whatever code asks for it.
CHANGES_OF_STATUS: Final = (
    (BookingStatus.PENDING, BookingStatus.CONFIRMED),
    (BookingStatus.PENDING, BookingStatus.CANCELLED),
    (BookingStatus.PENDING, BookingStatus.EXPIRED),
    (BookingStatus.CONFIRMED, BookingStatus.CANCELLED),
)
