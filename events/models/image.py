import uuid
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

from events.models.event import Event
from events.models.triggers import note_changes
from events.querysets import EventImageQuerySet


class ImageState(models.TextChoices):
    QUEUED = "queued", "Its sizes are being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Its sizes could not be made"


def image_path(image: "EventImage", filename: str) -> str:
    suffix = filename.rpartition(".")[2].lower()
    return f"events/{image.event_id}/{uuid.uuid4().hex}.{suffix}"


class EventImage(models.Model):
    """A picture of an event; the first one is its cover. Until its sizes are made, it is shown as
    it was when it came in. Copies of an event have pictures with the same file: it goes with the
    last of them.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="images")
    image = models.ImageField(
        upload_to=image_path, width_field="width", height_field="height", max_length=200
    )
    alt_text = models.CharField(
        max_length=200, help_text="What the picture shows, for people who cannot see it."
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of the file that was sent. Empty: it is kept as it was sent.",
    )
    state = models.CharField(
        max_length=10, choices=ImageState.choices, default=ImageState.QUEUED, editable=False
    )
    widths = ArrayField(
        models.PositiveIntegerField(),
        default=list,
        editable=False,
        help_text="In pixels: those that browsers can choose from.",
    )

    objects = EventImageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(state="queued"), name="event_image_queued"),
            models.Index(
                Func(F("image"), Value("."), Value(1), function="split_part"),
                name="event_image_stem",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "digest"], condition=~Q(digest=""), name="event_image_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ImageState.values), name="event_image_state_valid"
            ),
        ]
        triggers: ClassVar = note_changes(
            "SELECT DISTINCT 'event:' || rows.event_id FROM {rows}",
            *(pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.alt_text or "A picture without a description"

    @property
    def is_queued(self) -> bool:
        return self.state == ImageState.QUEUED
