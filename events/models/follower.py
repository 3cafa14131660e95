from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from events.models.event import Event
from events.models.host import Host
from events.models.triggers import note_changes
from events.models.unique_text import unique_text
from events.news_readers import NewsReaderQuerySet


class HostFollower(models.Model):
    """Someone who wants to hear of a host's new events. Of what was listed before ``told_from``
    they are told nothing.
    """

    host = models.ForeignKey(
        Host, on_delete=models.CASCADE, related_name="followers", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="followed_hosts",
        db_index=False,
    )
    is_mailed = models.BooleanField("mail about new events", default=True)
    followed_at = models.DateTimeField(default=timezone.now)
    told_from = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["host__name", "pk"]
        indexes: ClassVar = [models.Index(fields=["host", "followed_at"], name="follower_of_host")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "host"], name="host_follower_once")
        ]
        triggers: ClassVar = note_changes(
            "SELECT DISTINCT unnest(ARRAY['host:' || rows.host_id, 'user:' || rows.user_id])"
            " FROM {rows}",
            *(pgtrigger.Insert, pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.user}, who follows {self.host}"


class NewsReader(models.Model):
    """Someone who has followed a host, and what they were told: all of the hosts together, in one
    mail. Of what was listed before ``told_until``, everything has been told.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="news_reader"
    )
    told_until = models.DateTimeField()
    looked_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NewsReaderQuerySet.as_manager()

    class Meta:
        # Whom a job looks at next.
        indexes: ClassVar = [models.Index(fields=["looked_at"], name="news_reader_waiting")]

    def __str__(self) -> str:
        return str(self.user)


class ToldEvent(models.Model):
    """An event that a reader was told of: not again, even where it is published anew."""

    reader = models.ForeignKey(
        NewsReader, on_delete=models.CASCADE, related_name="told", db_index=False
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reader", "event"], name="told_event_once")
        ]

    def __str__(self) -> str:
        return f"{self.event}, told to {self.reader}"


class HostNews(models.Model):
    """A mail about new events of followed hosts that has not been sent: sending it removes it.
    ``event_ids`` are the first few, ``total`` is how many there are.
    """

    reader = models.ForeignKey(NewsReader, on_delete=models.CASCADE, related_name="news")
    message_id = models.CharField(max_length=200)
    event_ids = ArrayField(models.BigIntegerField())
    total = models.PositiveIntegerField()
    queued_at = models.DateTimeField(auto_now_add=True)
    error = models.CharField("why it failed", max_length=500, blank=True)

    class Meta:
        verbose_name_plural = "host news"
        constraints: ClassVar = [unique_text("message_id", "host_news_message_id_unique")]

    def __str__(self) -> str:
        return f"{self.total} new for {self.reader}"
