from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from events.models.host import Host, HostRole


class HostInvitation(models.Model):
    """Someone who is asked by mail to join a host's team. Whoever has the link in that mail can
    accept or decline once, which removes the row; events/services/teams.py makes every change.
    """

    host = models.ForeignKey(
        Host, on_delete=models.CASCADE, related_name="invitations", db_index=False
    )
    email = models.EmailField("e-mail address")
    role = models.CharField(max_length=10, choices=HostRole.choices)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    message_id = models.CharField(max_length=200, unique=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField("why the mail failed", max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(F("host"), Lower("email"), name="host_invitation_once"),
            models.CheckConstraint(
                condition=Q(role__in=HostRole.values), name="host_invitation_role_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.get_role_display()} of {self.host}"

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()


class HostChangeKind(models.TextChoices):
    """In words that go on after the name of who did it, and before what it was about."""

    STARTED = "started", "started hosting"
    CHANGED = "changed", "changed"
    INVITED = "invited", "invited"
    WITHDREW = "withdrew", "withdrew the invitation of"
    JOINED = "joined", "joined"
    DECLINED = "declined", "did not want to join"
    ADDED = "added", "added"
    GAVE_ROLE = "gave_role", "made"
    REMOVED = "removed", "removed"
    LEFT = "left", "left the team"
    HANDED_OVER = "handed_over", "handed the host over to"


class HostChange(models.Model):
    """What someone changed of a host or its team. Written once; a trigger refuses to change it."""

    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="changes", db_index=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=HostChangeKind.choices)
    about = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["host", "-id"], name="host_change_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=HostChangeKind.values), name="host_change_kind_valid"
            ),
        ]
        triggers: ClassVar = [pgtrigger.ReadOnly(name="kept_as_written", exclude=["by"])]

    def __str__(self) -> str:
        return f"{self.by or 'Someone'} {self.what}"

    @property
    def what(self) -> str:
        """Such as "made Ada Lovelace manager"."""
        return f"{self.get_kind_display()} {self.about}".strip()
