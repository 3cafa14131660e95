from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from bookings.models.booking import Booking
from bookings.models.ticket import Ticket
from bookings.querysets import QuestionQuerySet
from events.models import Event

LONGEST_ANSWER = 300
TICKED, NOT_TICKED = "Yes", "No"


class QuestionKind(models.TextChoices):
    TEXT = "text", "Words that they type"
    CHOICE = "choice", "One of several answers"
    CHECKBOX = "checkbox", "A box to tick"


class Question(models.Model):
    """What a host asks those who book, once a booking or for each ticket. With answers it is
    retired, not deleted: nobody is asked any more, and what was answered stays.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField("question", max_length=150)
    help_text = models.CharField("explanation", max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=QuestionKind.choices, default=QuestionKind.TEXT)
    choices = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    is_per_ticket = models.BooleanField("for each ticket", default=False)
    is_required = models.BooleanField("has to be answered", default=False)
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "text"],
                condition=Q(retired_at__isnull=True),
                name="question_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values), name="question_kind_valid"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="question_has_text"),
            models.CheckConstraint(
                condition=Q(kind=QuestionKind.CHOICE, choices__len__gte=2)
                | ~Q(kind=QuestionKind.CHOICE) & Q(choices__len=0),
                name="question_choices_fit_kind",
                violation_error_message="A choice needs at least two answers to choose from.",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    def key(self, ticket: Ticket | None = None) -> str:
        """What an answer to it goes by before it is written: of a booking, or of one ticket."""
        return f"{self.pk}_{ticket.pk}" if ticket else str(self.pk)


class Answer(models.Model):
    """What was answered for a booking, or for one of its tickets. It is written when the booking is
    confirmed, in words that later changes of the question leave as they are.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="answers")
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, null=True, blank=True, related_name="answers"
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="answers", db_index=False
    )
    text = models.CharField(max_length=LONGEST_ANSWER)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "ticket"], name="answer_once_a_ticket"),
            models.UniqueConstraint(
                fields=["question", "booking"],
                condition=Q(ticket__isnull=True),
                name="answer_once_a_booking",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="answer_has_text"),
        ]

    def __str__(self) -> str:
        return self.text
