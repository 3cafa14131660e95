from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from events.models.event import Event
from events.models.triggers import note_changes
from events.querysets import ReviewQuerySet


class Review(models.Model):
    """What someone who was there says of an event. Moderators may hide it: its text is then not
    shown, that there was one is, and it does not count. events/services/reviews.py makes such
    changes.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="reviews")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviews"
    )
    rating = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)], help_text="1 to 5."
    )
    text = models.TextField(blank=True, max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    hidden_why = models.CharField(
        "why it is hidden",
        max_length=300,
        blank=True,
        help_text="With a reason, the review is hidden: its page says that moderators removed a "
        "review, and the rating is without it. Without one, it is shown.",
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["event", "-created_at"], name="review_of_event"),
            # The list of the admin, its years, and its search.
            models.Index(fields=["-created_at", "-id"], name="review_newest"),
            GinIndex(SearchVector("text", config="simple"), name="review_words"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "user"], name="review_one_each"),
            models.CheckConstraint(condition=Q(rating__range=(1, 5)), name="review_rating_valid"),
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_why="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_why="")),
                name="review_hidden_for_a_reason",
            ),
        ]
        triggers: ClassVar = note_changes(
            "SELECT DISTINCT unnest(ARRAY['event:' || event.id, 'host:' || event.host_id])"
            " FROM {rows} JOIN events_event AS event ON event.id = rows.event_id",
            *(pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.rating} of 5 for {self.event}"

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None


class ReviewReply(models.Model):
    """What a host says to a review, once: where it is removed, the row stays, without its text."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="reply")
    text = models.TextField(blank=True, max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name_plural = "review replies"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(removed_at=None) & ~Q(text="")) | Q(removed_at__isnull=False, text=""),
                name="review_reply_has_text",
            )
        ]
        triggers: ClassVar = note_changes(
            "SELECT DISTINCT 'event:' || review.event_id FROM {rows}"
            " JOIN events_review AS review ON review.id = rows.review_id",
            *(pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"Reply to {self.review}"


class ReportReason(models.TextChoices):
    ABUSE = "abuse", "It insults, threatens or discriminates"
    PRIVATE = "private", "It tells private things about somebody"
    SPAM = "spam", "It is advertising or spam"
    UNTRUE = "untrue", "Whoever wrote it was not there, or means another event"
    OTHER = "other", "Something else"


class ReportOutcome(models.TextChoices):
    OPEN = "open", "Open"
    HIDDEN = "hidden", "Review hidden"
    DISMISSED = "dismissed", "Dismissed"


class ReviewReport(models.Model):
    """Somebody asks the moderators to look at a review. Who is not logged in is told apart by
    ``client``, a keyed hash of their address and the review. ``review_text`` is what they read.
    """

    review = models.ForeignKey(
        Review, on_delete=models.CASCADE, related_name="reports", db_index=False
    )
    reason = models.CharField(max_length=10, choices=ReportReason.choices)
    note = models.TextField(blank=True, max_length=1000)
    review_text = models.TextField("what the review said", blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    client = models.CharField(max_length=64, blank=True, editable=False)
    reported_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(
        max_length=10, choices=ReportOutcome.choices, default=ReportOutcome.OPEN
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    told_at = models.DateTimeField("moderators told at", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-reported_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["review", "outcome"], name="report_of_review"),
            models.Index(fields=["outcome", "-reported_at"], name="report_newest"),
            # Of which the next mail to the moderators tells.
            models.Index(
                fields=["reported_at"],
                name="report_to_tell",
                condition=Q(told_at=None, outcome=ReportOutcome.OPEN),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "reporter"], name="report_once_a_person"),
            models.UniqueConstraint(
                fields=["review", "client"], name="report_once_a_client", condition=~Q(client="")
            ),
            models.CheckConstraint(
                condition=Q(reason__in=ReportReason.values), name="report_reason_valid"
            ),
            models.CheckConstraint(
                condition=Q(outcome=ReportOutcome.OPEN, decided_at=None)
                | Q(
                    outcome__in=[ReportOutcome.HIDDEN, ReportOutcome.DISMISSED],
                    decided_at__isnull=False,
                ),
                name="report_outcome_valid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.review}"


class Favorite(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favorites"
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="favorites")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "event"], name="favorite_once")
        ]
        triggers: ClassVar = note_changes(
            "SELECT DISTINCT 'user:' || rows.user_id FROM {rows}",
            *(pgtrigger.Insert, pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.event}, kept by {self.user}"
