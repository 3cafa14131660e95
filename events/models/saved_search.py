from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQueryField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from events.models.unique_text import unique_text
from events.saved_searches import SavedSearchQuerySet

LONGEST_QUERY = 2000


class MailFrequency(models.TextChoices):
    INSTANT = "instant", "As soon as they are listed"
    WEEKLY = "weekly", "Once a week"
    NEVER = "never", "No mail"


class SavedSearch(models.Model):
    """What somebody looks for, and wants to be told of. ``query`` is that of the address of the
    list, as events/forms/addresses.py writes it; days such as "this weekend" stay what they say.

    A listing that has not its ``tags`` and ``words`` does not match, on whatever day. Of what was
    listed before ``told_until``, everything that matched has been told, but for what the days of
    the search had not reached when it was last ``looked_at``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_searches",
        db_index=False,
    )
    name = models.CharField(max_length=120)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    has_moving_days = models.BooleanField(help_text="It asks for “this weekend” or the like.")
    tags = ArrayField(
        models.TextField(), default=list, help_text="Which a listing has to have all of."
    )
    words = SearchQueryField(null=True, help_text="Which a listing has to have, if any.")
    frequency = models.CharField(
        "mail about new events",
        max_length=10,
        choices=MailFrequency.choices,
        default=MailFrequency.WEEKLY,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    told_until = models.DateTimeField()
    looked_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        verbose_name_plural = "saved searches"
        indexes: ClassVar = [
            # Those that a job looks at next.
            models.Index(
                fields=["frequency", "looked_at"],
                name="saved_search_mailed",
                condition=~Q(frequency=MailFrequency.NEVER),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "query"], name="saved_search_once"),
            models.CheckConstraint(
                condition=Q(frequency__in=MailFrequency.values), name="saved_search_frequency_valid"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Of what it finds now."""
        path = reverse("events:list")
        return f"{path}?{self.query}" if self.query else path


class Alert(models.Model):
    """A mail about new events that has not been sent: sending it removes it. ``event_ids`` are the
    first few, ``total`` is how many there are.
    """

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="alerts")
    message_id = models.CharField(max_length=200)
    event_ids = ArrayField(models.BigIntegerField())
    total = models.PositiveIntegerField()
    queued_at = models.DateTimeField(auto_now_add=True)
    error = models.CharField("why it failed", max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [unique_text("message_id", "alert_message_id_unique")]

    def __str__(self) -> str:
        return f"{self.total} new for {self.search}"
