from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from bookings.codes import make_reference
from bookings.models.booking import Booking
from bookings.persons import EmailKey
from bookings.querysets import WaitlistQuerySet
from events.models import TicketType


class WaitlistStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    OFFERED = "offered", "Offered"
    LEFT = "left", "Left the list"
    ENDED = "ended", "Can no longer be offered any"


class WaitlistEntry(models.Model):
    """Someone who waits for places of a ticket type, in the order of the primary key. What became
    of an offer is the status of the booking that it made.
    """

    reference = models.CharField(max_length=8, unique=True, default=make_reference, editable=False)
    ticket_type = models.ForeignKey(
        TicketType, on_delete=models.CASCADE, related_name="waitlist", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="waitlist_entries",
    )
    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail address")
    email_key = models.GeneratedField(
        expression=EmailKey(F("email")),
        output_field=models.CharField(max_length=254),
        db_persist=True,
    )
    quantity = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    status = models.CharField(
        max_length=10, choices=WaitlistStatus.choices, default=WaitlistStatus.WAITING
    )
    offer = models.OneToOneField(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="waitlist_entry"
    )
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = WaitlistQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name_plural = "waitlist entries"
        indexes: ClassVar = [
            models.Index(
                fields=["ticket_type", "id"],
                name="waitlist_line",
                condition=Q(status=WaitlistStatus.WAITING),
            ),
            models.Index(fields=["ticket_type", "status"], name="waitlist_type_status"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ticket_type", "email_key"],
                name="waitlist_once_a_person",
                condition=Q(status=WaitlistStatus.WAITING),
            ),
            models.CheckConstraint(
                condition=Q(status__in=WaitlistStatus.values), name="waitlist_status_valid"
            ),
            models.CheckConstraint(
                condition=~Q(status=WaitlistStatus.OFFERED) | Q(offer__isnull=False),
                name="waitlist_offered_has_offer",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="waitlist_quantity_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.ticket_type} for {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("bookings:waiting", args=[self.reference])

    @property
    def is_waiting(self) -> bool:
        return self.status == WaitlistStatus.WAITING

    @property
    def has_open_offer(self) -> bool:
        """An offer that can still be taken."""
        if self.status != WaitlistStatus.OFFERED or self.offer is None:
            return False
        return self.offer.is_pending and not self.offer.is_overdue

    @property
    def position(self) -> int:
        """In line: the first is one. Only of one who waits."""
        return WaitlistEntry.objects.in_line(self.ticket_type_id).filter(pk__lte=self.pk).count()
