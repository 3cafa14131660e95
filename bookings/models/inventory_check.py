from typing import ClassVar

from django.db import models


class InventoryCheck(models.Model):
    """The result of one run of bookings/services/verification.py. The last one is a metric."""

    checked_at = models.DateTimeField(auto_now_add=True)
    counters = models.PositiveIntegerField(help_text="How many were recomputed.")
    differences = models.PositiveIntegerField(help_text="How many of them were wrong.")
    repaired = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.differences} of {self.counters} differ"
