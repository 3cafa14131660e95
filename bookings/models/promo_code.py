import enum
from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from events.models import Event, TicketType


class DiscountKind(models.TextChoices):
    PERCENT = "percent", "Percent off each ticket"
    AMOUNT = "amount", "Amount off each ticket"
    NONE = "none", "No discount: it only unlocks hidden tickets"


class CodeState(enum.StrEnum):
    """Whether a code can be used now, and if not, why."""

    USABLE = "usable"
    SWITCHED_OFF = "switched_off"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    USED_UP = "used_up"


class PromoCode(models.Model):
    """A word that makes tickets cheaper, or shows hidden ones. A use is a booking, from its hold
    until it is cancelled or runs out; only bookings/services/promo_codes.py counts uses.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="promo_codes")
    code = models.CharField(
        max_length=40,
        validators=[
            RegexValidator(r"^[A-Z0-9-]{3,40}\Z", "Three to forty capitals, digits and dashes.")
        ],
    )
    kind = models.CharField(
        max_length=10, choices=DiscountKind.choices, default=DiscountKind.PERCENT
    )
    value = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
        help_text="Percent, or an amount in the currency of the tickets.",
    )
    ticket_types = models.ManyToManyField(
        TicketType,
        blank=True,
        related_name="promo_codes",
        help_text="None: all that everyone sees. Hidden ones are unlocked by being chosen here.",
    )
    starts_at = models.DateTimeField("valid from", null=True, blank=True)
    ends_at = models.DateTimeField("valid until", null=True, blank=True)
    max_uses = models.PositiveIntegerField(
        "most uses", null=True, blank=True, help_text="In all. Empty: no limit."
    )
    max_uses_per_person = models.PositiveIntegerField(
        "most uses a person", null=True, blank=True, help_text="Empty: no limit."
    )
    uses = models.PositiveIntegerField(default=0, editable=False)
    is_active = models.BooleanField("can be used", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["event", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "code"],
                name="promo_code_unique",
                violation_error_message="This event has this code already.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DiscountKind.values), name="promo_code_kind_valid"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0) & (~Q(kind=DiscountKind.PERCENT) | Q(value__lte=100)),
                name="promo_code_value_valid",
                violation_error_message="A discount is from 0 to 100 percent.",
            ),
            models.CheckConstraint(
                condition=Q(max_uses__isnull=True) | Q(uses__lte=F("max_uses")),
                name="promo_code_never_overused",
                violation_error_message="The code has been used more often than that.",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True)
                | Q(ends_at__isnull=True)
                | Q(ends_at__gt=F("starts_at")),
                name="promo_code_window_valid",
                violation_error_message="The end must come after the start.",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def state(self) -> CodeState:
        now = timezone.now()
        if not self.is_active:
            return CodeState.SWITCHED_OFF
        if self.starts_at is not None and now < self.starts_at:
            return CodeState.NOT_STARTED
        if self.ends_at is not None and now >= self.ends_at:
            return CodeState.ENDED
        is_used_up = self.max_uses is not None and self.uses >= self.max_uses
        return CodeState.USED_UP if is_used_up else CodeState.USABLE

    def price_of(self, ticket_type: TicketType) -> Decimal:
        """The ticket type's price with this code: rounded to cents, never below zero."""
        if self.kind == DiscountKind.PERCENT:
            off = ticket_type.price * self.value / 100
        elif self.kind == DiscountKind.AMOUNT:
            off = self.value
        else:
            off = Decimal(0)
        return max(ticket_type.price - off, Decimal(0)).quantize(Decimal("0.01"))
