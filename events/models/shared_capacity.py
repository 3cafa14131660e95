from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from events.models.event import Event
from events.models.triggers import FEW_ARE_LEFT, note_tags


class SharedCapacity(models.Model):
    """Places that several ticket types of an event have together, beside the limit of each: the
    300 of a hall, sold as "Standard", "Reduced" and "Companion". Which types they are is in
    TicketStock. Only bookings/services/inventory.py and events/services/shared_capacities.py change
    ``taken``.
    """

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="shared_capacities", db_index=False
    )
    name = models.CharField(max_length=80)
    capacity = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        verbose_name_plural = "shared capacities"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(taken__gte=0) & Q(taken__lte=F("capacity")),
                name="shared_capacity_never_oversold",
                violation_error_message="The capacity cannot be less than the places taken.",
            ),
            models.UniqueConstraint(
                "event",
                Lower("name"),
                name="shared_capacity_unique_name",
                violation_error_message="This event has one of this name already.",
            ),
        ]
        triggers: ClassVar = [
            # At the commit, as that of TicketStock is, and for the same reason.
            pgtrigger.Trigger(
                name="list_sold_out",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition(
                    "((OLD.taken < OLD.capacity) <> (NEW.taken < NEW.capacity))"
                ),
                func="PERFORM events_refresh_listings(ARRAY[NEW.event_id]); RETURN NULL;",
            ),
            pgtrigger.Trigger(
                name="show_update",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"({FEW_ARE_LEFT} OR OLD.capacity <> NEW.capacity)"),
                func=note_tags("SELECT 'event:' || NEW.event_id"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def left(self) -> int:
        return self.capacity - self.taken
