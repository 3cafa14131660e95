from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from bookings.actors import ActorRole
from bookings.models.booking import Booking
from bookings.states import BookingStatus


class BookingChange(models.Model):
    """What happened to a booking: who changed it, when and why. ``before`` is empty for its
    beginning, and the same as ``after`` where something else than the status changed.

    Written once, by bookings/services/changes.py; triggers refuse to change or delete it.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now, editable=False)
    before = models.CharField(max_length=10, choices=BookingStatus.choices, blank=True)
    after = models.CharField(max_length=10, choices=BookingStatus.choices)
    role = models.CharField("by", max_length=10, choices=ActorRole.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    reason = models.CharField("why", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=ActorRole.values), name="booking_change_role_valid"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="kept_as_written", exclude=["actor"]),
            pgtrigger.Protect(name="kept_for_ever", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.booking}: {self.before or 'nothing'} to {self.after}"
