from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Upper
from django.urls import reverse

from bookings.models.booking import Booking
from bookings.models.ticket import Ticket
from bookings.models.waitlist import WaitlistEntry
from bookings.querysets import MessageQuerySet, NoticeQuerySet
from events.models import Event, TicketType

RESENT = "again:"  # an occasion that begins so is of a message that was written once more


class NoticeKind(models.TextChoices):
    CANCELLED = "cancelled", "The event is cancelled"
    CHANGED = "changed", "The event has a new time or place"
    LETTER = "letter", "A message from the host"


class Notice(models.Model):
    """Something that the buyers of an event are told, a batch at a time. A notice that an event is
    cancelled cancels its bookings as well. ``finished_at`` is when the last batch was done.

    A letter is what a host writes: to everyone, or to those with tickets of some types; of these
    to all, or only to those who have not come (``is_to_absent``). It is a draft until
    ``started_at``. ``key`` is that of the form that it was written in.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    key = models.UUIDField(null=True, blank=True, editable=False)
    subject = models.CharField(max_length=150, blank=True, db_default="")
    is_to_all = models.BooleanField("to everyone", default=True, db_default=True)
    ticket_types = models.ManyToManyField(TicketType, blank=True, related_name="+")
    is_to_absent = models.BooleanField(
        "only to those not checked in", default=False, db_default=False
    )
    text = models.TextField("words from the host", max_length=2000, blank=True)
    old_time = models.CharField(max_length=300, blank=True, help_text="If it changed.")
    old_place = models.CharField(max_length=700, blank=True, help_text="If it changed.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    role = models.CharField(max_length=10)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(
        null=True, blank=True, help_text="When a letter was sent; empty while it is a draft."
    )
    bookings_to_tell = models.PositiveIntegerField(help_text="Of a letter: people.")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=NoticeKind.values), name="notice_kind_valid"
            ),
            models.UniqueConstraint(
                fields=["event"],
                name="notice_one_cancellation_at_a_time",
                condition=Q(kind=NoticeKind.CANCELLED, finished_at__isnull=True),
            ),
            models.UniqueConstraint(fields=["event", "key"], name="notice_once_a_form"),
            models.CheckConstraint(
                condition=~Q(kind=NoticeKind.LETTER) | Q(key__isnull=False) & ~Q(subject=""),
                name="notice_letter_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject or self.get_kind_display()}: {self.event}"

    def get_absolute_url(self) -> str:
        """Of a letter to be sent: its preview; of any other: how far it has come."""
        if self.is_draft:
            return reverse("bookings:hosted_message", args=[self.event.slug, self.key])
        return reverse("bookings:hosted_notice", args=[self.event.slug, self.pk])

    @property
    def is_letter(self) -> bool:
        return self.kind == NoticeKind.LETTER

    @property
    def is_draft(self) -> bool:
        return self.is_letter and self.started_at is None


class MessageKind(models.TextChoices):
    CONFIRMATION = "confirmation", "Confirmation"
    CANCELLATION = "cancellation", "Cancellation"
    TICKET = "ticket", "Ticket sent on"
    REMINDER_DAY = "reminder_day", "Reminder, a day before"
    REMINDER_HOUR = "reminder_hour", "Reminder, an hour before"
    CHANGE = "change", "New time or place"
    WAITING = "waiting", "On the waiting list"
    OFFER = "offer", "Offer from the waiting list"
    LETTER = "letter", "Message from the host"
    TEST = "test", "Test of a message from the host"


class MessageState(models.TextChoices):
    QUEUED = "queued", "On its way"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    DROPPED = "dropped", "No longer needed"


class Message(models.Model):
    """A mail about a booking or a place in a waiting list, and what became of it; or a test of a
    letter, which is about neither.

    ``occasion`` tells messages of a kind apart; one of a kind is written once an occasion, whatever
    runs twice. ``message_id`` stays the same however often it must be tried, so that a mail that
    a server took and did not acknowledge is one mail to its reader.
    """

    kind = models.CharField(max_length=20, choices=MessageKind.choices)
    booking = models.ForeignKey(
        Booking, on_delete=models.CASCADE, null=True, related_name="messages", db_index=False
    )
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    waitlist_entry = models.ForeignKey(
        WaitlistEntry, on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    occasion = models.CharField(max_length=60, blank=True)
    recipient = models.EmailField()
    state = models.CharField(
        max_length=10, choices=MessageState.choices, default=MessageState.QUEUED
    )
    message_id = models.CharField(max_length=200, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField("why it failed", max_length=500, blank=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["state"],
                name="message_not_sent",
                condition=~Q(state=MessageState.SENT),
            ),
            # The search of the admin.
            models.Index(
                OpClass(Upper("recipient"), name="text_pattern_ops"), name="message_recipient"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["booking", "kind", "occasion"], name="message_once_an_occasion"
            ),
            models.UniqueConstraint(
                fields=["waitlist_entry", "kind", "occasion"],
                name="message_once_an_occasion_waiting",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=MessageKind.TEST, booking__isnull=True, waitlist_entry__isnull=True
                )
                | (Q(booking__isnull=False) ^ Q(waitlist_entry__isnull=False)),
                name="message_about_one_thing",
            ),
            # Whoever has booked twice reads a letter once.
            models.UniqueConstraint(
                "notice",
                Lower("recipient"),
                name="message_letter_once_a_person",
                condition=Q(kind=MessageKind.LETTER) & ~Q(occasion__startswith=RESENT),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MessageKind.values), name="message_kind_valid"
            ),
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values), name="message_state_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.recipient}"

    @property
    def has_failed(self) -> bool:
        return self.state == MessageState.FAILED
