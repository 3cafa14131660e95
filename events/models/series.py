from django.contrib.postgres.fields import ArrayField
from django.db import models

from eventmate.timezones import validate_time_zone
from events.models.host import Host


class EventSeries(models.Model):
    """What makes events dates of each other. Each date is an event of its own, with its own times,
    tickets and bookings; this is the rule that they came from, on the clock of the place.
    """

    key = models.UUIDField(
        unique=True,
        editable=False,
        help_text="That of the form which made it: sent again, it makes no other.",
    )
    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="series")
    rule = models.CharField(
        max_length=200, help_text="RFC 5545, such as FREQ=WEEKLY;BYDAY=TU,TH;COUNT=12."
    )
    first_day = models.DateField()
    first_time = models.TimeField(null=True, blank=True, help_text="None: it takes whole days.")
    timezone = models.CharField("time zone", max_length=64, validators=[validate_time_zone])
    left_out = ArrayField(models.DateField(), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "event series"

    def __str__(self) -> str:
        return f"{self.rule} from {self.first_day}"
