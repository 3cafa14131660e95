from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone

from bookings.models.ticket import Ticket
from events.models import Event


class CheckInWay(models.TextChoices):
    CODE = "code", "By the code of the ticket"
    LIST = "list", "Chosen from a list"


class CheckIn(models.Model):
    """That somebody came in with a ticket: once, as the ticket is the key. ``event`` is that of its
    booking. ``key`` is that of the form, so that one sent twice gets one answer.
    """

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, primary_key=True, related_name="check_in"
    )
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="check_ins", db_index=False
    )
    checked_in_at = models.DateTimeField(default=timezone.now, editable=False)
    checked_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    how = models.CharField(max_length=10, choices=CheckInWay.choices)
    key = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["checked_in_at", "pk"]
        indexes: ClassVar = [
            # How many are in, and when they came, without the tickets.
            models.Index(fields=["event", "checked_in_at"], name="check_in_by_event"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(how__in=CheckInWay.values), name="check_in_how_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} at {self.checked_in_at:%H:%M}"

    def clock(self, event: Event) -> str:
        """When it was, on the clock of the event's place: "19:42", or "4 Dec, 19:42" where that is
        not the day on which the event starts.
        """
        zone = ZoneInfo(event.timezone)
        local = self.checked_in_at.astimezone(zone)
        is_first_day = local.date() == event.starts_at.astimezone(zone).date()
        return f"{local:%H:%M}" if is_first_day else f"{local.day} {local:%b, %H:%M}"

    def said(self, event: Event) -> str:
        """When it was and by whom: "19:42, by Bo Smith"."""
        who = self.checked_in_by
        return f"{self.clock(event)}, by {who.get_full_name() if who else 'somebody who is gone'}"
