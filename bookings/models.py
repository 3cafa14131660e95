import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from bookings.codes import make_reference, make_ticket_code
from bookings.querysets import BookingQuerySet
from events.models import Event, TicketType


class BookingStatus(models.TextChoices):
    PENDING = "pending", "Held"
    CONFIRMED = "confirmed", "Confirmed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired"


class PaymentMethod(models.TextChoices):
    """How a booking is paid. A payment provider becomes one more."""

    FREE = "free", "Free of charge"
    AT_DOOR = "at_door", "Pay at the door"


class Booking(models.Model):
    """Tickets that someone chose together. While pending it is a hold that lasts until
    ``expires_at``; bookings/services/ makes every change.
    """

    reference = models.CharField(max_length=8, unique=True, default=make_reference, editable=False)
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="bookings", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="bookings",
        db_index=False,
    )
    name = models.CharField(max_length=150, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    status = models.CharField(
        max_length=10, choices=BookingStatus.choices, default=BookingStatus.PENDING
    )
    total = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    payment_method = models.CharField(max_length=10, choices=PaymentMethod.choices, blank=True)
    idempotency_key = models.UUIDField(unique=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    extended_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["user", "status"], name="booking_user_status"),
            models.Index(fields=["event", "status"], name="booking_event_status"),
            models.Index(
                fields=["expires_at"],
                name="booking_holds_by_expiry",
                condition=Q(status=BookingStatus.PENDING),
            ),
            models.Index(
                Upper("email"),
                name="booking_guests_by_email",
                condition=Q(user__isnull=True),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=BookingStatus.values), name="booking_status_valid"
            ),
            models.CheckConstraint(
                condition=~Q(status=BookingStatus.PENDING) | Q(expires_at__isnull=False),
                name="booking_hold_has_deadline",
            ),
            models.CheckConstraint(
                condition=~Q(status=BookingStatus.CONFIRMED)
                | ~Q(email="") & ~Q(payment_method="") & Q(confirmed_at__isnull=False),
                name="booking_confirmed_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(payment_method__in=["", *PaymentMethod.values]),
                name="booking_payment_method_valid",
            ),
            models.CheckConstraint(condition=Q(total__gte=0), name="booking_total_valid"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("bookings:detail", args=[self.reference])

    @property
    def is_pending(self) -> bool:
        return self.status == BookingStatus.PENDING

    @property
    def is_confirmed(self) -> bool:
        return self.status == BookingStatus.CONFIRMED

    @property
    def is_overdue(self) -> bool:
        """A hold that ran out, released or not."""
        if self.status == BookingStatus.EXPIRED:
            return True
        return self.is_pending and self.time_left <= dt.timedelta(0)

    @property
    def time_left(self) -> dt.timedelta:
        """Of a hold; zero once it ran out."""
        if self.expires_at is None:
            return dt.timedelta(0)
        return max(self.expires_at - timezone.now(), dt.timedelta(0))

    @property
    def minutes_left(self) -> int:
        """Rounded up: the last minute is one."""
        return math.ceil(self.time_left / dt.timedelta(minutes=1))

    @property
    def lines(self) -> list["BookingLine"]:
        """The tickets by type, in the order in which the types are offered."""
        by_type: dict[TicketType, list[Ticket]] = {}
        for ticket in self.tickets.all():
            by_type.setdefault(ticket.ticket_type, []).append(ticket)
        return [
            BookingLine(ticket_type, len(tickets), sum((t.price for t in tickets), Decimal(0)))
            for ticket_type, tickets in sorted(
                by_type.items(), key=lambda item: (item[0].position, item[0].pk)
            )
        ]

    @property
    def can_be_extended(self) -> bool:
        return self.is_pending and self.extended_at is None and not self.is_overdue

    @property
    def can_be_cancelled(self) -> bool:
        """By its buyer: a hold always, a booking until the event starts."""
        if self.is_confirmed:
            return self.event.starts_at > timezone.now()
        return self.is_pending


@dataclass(frozen=True, slots=True)
class BookingLine:
    """The tickets of one type in a booking."""

    ticket_type: TicketType
    quantity: int
    total: Decimal


class Ticket(models.Model):
    """One seat. It exists from the hold on; the price is what it cost then."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="tickets")
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="tickets")
    price = models.DecimalField(max_digits=10, decimal_places=2)
    attendee_name = models.CharField(max_length=150, blank=True)
    code = models.CharField(max_length=16, unique=True, default=make_ticket_code, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(price__gte=0), name="ticket_price_valid")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code_in_groups(self) -> str:
        """Four by four, to be read aloud."""
        return " ".join(self.code[i : i + 4] for i in range(0, len(self.code), 4))
