from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from eventmate.pages.recording import Shown
from eventmate.paths import path_of
from events.models.triggers import NEW_ROWS, named, note_changes, refresh_listings
from events.models.unique_text import unique_text
from events.querysets import HostQuerySet


class Host(Shown, models.Model):
    """Who publishes events."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140, db_index=False)
    description = models.TextField(blank=True, help_text="Markdown.")
    website = models.URLField(blank=True)
    email = models.EmailField("contact e-mail", blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_hosts"
    )
    team = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="HostMember", related_name="team_hosts"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HostQuerySet.as_manager()

    if TYPE_CHECKING:  # what querysets.py annotates
        role: str | None

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [unique_text("slug", "host_slug_unique")]
        triggers: ClassVar = [
            refresh_listings(
                "list_of_changed",
                pgtrigger.Update,
                "SELECT id FROM events_event"
                " WHERE is_active AND host_id IN (SELECT id FROM new_rows)",
                NEW_ROWS,
            ),
            *note_changes(named("host"), pgtrigger.Update, pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_of("events:host", self.slug)


class HostRole(models.TextChoices):
    MANAGER = "manager", "Manager"
    DOOR = "door", "Door staff"


class HostMember(models.Model):
    """Someone on a host's team, besides its owner."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="host_memberships"
    )
    role = models.CharField(max_length=10, choices=HostRole.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host", "user"], name="host_member_unique"),
            models.CheckConstraint(
                condition=models.Q(role__in=HostRole.values), name="host_member_role_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} of {self.host}"
