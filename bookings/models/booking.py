import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower, Upper
from django.urls import reverse
from django.utils import timezone

from bookings.codes import make_reference
from bookings.models.promo_code import PromoCode
from bookings.models.sales_triggers import BOOKING_TRIGGERS
from bookings.persons import EmailKey
from bookings.querysets import BookingQuerySet
from bookings.states import CHANGES_OF_STATUS, BookingStatus
from eventmate.words import DomainOf, WordsOf
from events.models import Event, TicketType
from events.sources import LONGEST as LONGEST_SOURCE

if TYPE_CHECKING:
    from bookings.models.ticket import Ticket


class PaymentMethod(models.TextChoices):
    """How a booking is paid. A payment provider becomes one more."""

    FREE = "free", "Free of charge"
    AT_DOOR = "at_door", "Pay at the door"


def words_of_booking() -> WordsOf:
    return WordsOf("name", "email", DomainOf("email"))


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
    email_key = models.GeneratedField(
        expression=EmailKey(F("email")),
        output_field=models.CharField(max_length=254),
        db_persist=True,
    )
    search_text = models.GeneratedField(
        expression=Lower(
            Concat(
                *("name", Value(" "), "email", Value(" "), "reference"),
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    status = models.CharField(
        max_length=10, choices=BookingStatus.choices, default=BookingStatus.PENDING
    )
    total = models.DecimalField(max_digits=12, decimal_places=2)
    discount = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
        help_text="What the promo code took off; the total is without it.",
    )
    currency = models.CharField(max_length=3)
    promo_code = models.ForeignKey(
        PromoCode, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    payment_method = models.CharField(max_length=10, choices=PaymentMethod.choices, blank=True)
    idempotency_key = models.UUIDField(unique=True, editable=False)
    source = models.CharField(
        "came by",
        max_length=LONGEST_SOURCE,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="What the link to the event said: ?ref=newsletter.",
    )
    host_note = models.TextField(
        "note of the host",
        max_length=1000,
        blank=True,
        default="",
        db_default="",
        help_text="The buyer does not see it.",
    )
    is_offer = models.BooleanField(
        "offered to the waiting list", default=False, db_default=False, editable=False
    )
    typed_answers = models.JSONField(
        default=dict,
        db_default={},
        editable=False,
        help_text="Of a hold, by Question.key: right or wrong, for the next try.",
    )
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
                fields=["event", "email_key"],
                name="booking_event_person",
                condition=Q(status__in=[BookingStatus.PENDING, BookingStatus.CONFIRMED]),
            ),
            models.Index(
                fields=["expires_at"],
                name="booking_holds_by_expiry",
                condition=Q(status=BookingStatus.PENDING),
            ),
            # The search of the admin, and its list.
            GinIndex(words_of_booking(), name="booking_words"),
            models.Index(fields=["-created_at", "-id"], name="booking_newest"),
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
            models.CheckConstraint(condition=Q(discount__gte=0), name="booking_discount_valid"),
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="allowed_changes_of_status",
                field="status",
                transitions=list(CHANGES_OF_STATUS),
            ),
            *BOOKING_TRIGGERS,
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
        if self.is_offer or self.extended_at is not None:
            return False
        return self.is_pending and not self.is_overdue

    @property
    def cancellable_until(self) -> dt.datetime | None:
        """By its buyer, once it is confirmed; None where the host lets nobody cancel."""
        hours = self.event.cancellation_hours
        return None if hours is None else self.event.starts_at - dt.timedelta(hours=hours)

    @property
    def can_be_cancelled(self) -> bool:
        """By its buyer: a hold always, a booking until the host's deadline."""
        if self.is_confirmed:
            deadline = self.cancellable_until
            return deadline is not None and timezone.now() < deadline
        return self.is_pending

    @property
    def has_valid_tickets(self) -> bool:
        """Whether its tickets open the door."""
        return self.is_confirmed and not self.event.is_cancelled

    @property
    def can_change_tickets(self) -> bool:
        """Rename them, or send them on: until the event starts."""
        return self.has_valid_tickets and timezone.now() < self.event.starts_at


@dataclass(frozen=True, slots=True)
class BookingLine:
    """The tickets of one type in a booking."""

    ticket_type: TicketType
    quantity: int
    total: Decimal
