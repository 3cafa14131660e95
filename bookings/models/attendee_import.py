from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from bookings.actors import Actor, ActorRole
from events.models import Event


class ImportState(models.TextChoices):
    QUEUED = "queued", "Waiting for its turn"
    RUNNING = "running", "Under way"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Failed"


UNDER_WAY = (ImportState.QUEUED, ImportState.RUNNING)
ONCE_A_FILE = "attendee_import_once_a_file"


class AttendeeImport(models.Model):
    """A file of attendees, taken as a whole or not at all, and what became of it.

    ``steps_done`` of ``steps`` say how far it is; ``problems`` are the first lines that could not
    be taken, each with why. The file itself is kept until the import is done or refused: one that
    failed, for which the file could not help it, can be tried again.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="attendee_imports")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    is_free = models.BooleanField("free of charge")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    role = models.CharField(max_length=10, choices=ActorRole.choices)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.QUEUED)
    attendees = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    steps_done = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="attendee_import_state_valid"
            ),
            models.UniqueConstraint(
                fields=["event", "fingerprint"],
                name=ONCE_A_FILE,
                condition=Q(state=ImportState.DONE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}: {self.event}"

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def actor(self) -> Actor:
        return Actor(ActorRole(self.role), self.by)

    @property
    def percent(self) -> int:
        return 100 * self.steps_done // self.steps if self.steps else 0
