"""Queueing messages: rows and their jobs, in the transaction of what they tell."""

import datetime as dt
import uuid
from collections.abc import Sequence
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from bookings.mail.sending import send_message
from bookings.models import (
    Booking,
    Message,
    MessageKind,
    MessageState,
    Notice,
    Ticket,
    WaitlistEntry,
)
from bookings.models.message import RESENT
from eventmate.jobs import defer_in_transaction

# Of jobs: those that the worker runs by itself come first, and mail that someone waits for does not
# wait behind what a whole event is told.
TO_ONE, TO_MANY = -1, -2
LOST_AFTER = dt.timedelta(minutes=10)  # a job is written with its message
REMINDERS = (MessageKind.REMINDER_DAY, MessageKind.REMINDER_HOUR)


def queue_message(
    *,
    kind: MessageKind,
    recipient: str,
    booking: Booking | None = None,
    ticket: Ticket | None = None,
    waitlist_entry: WaitlistEntry | None = None,
    notice: Notice | None = None,
    occasion: str = "",
) -> None:
    """Write one message and its job. One of this kind, about this booking or entry and for this
    occasion, is written once only.
    """
    queue_messages(
        [
            Message(
                kind=kind,
                recipient=recipient,
                booking=booking,
                ticket=ticket,
                waitlist_entry=waitlist_entry,
                notice=notice,
                occasion=occasion,
            )
        ]
    )


def queue_messages(messages: Sequence[Message]) -> None:
    """Write messages, but for those that were written before, and a job for each."""
    domain = urlsplit(settings.PUBLIC_URL).hostname
    for message in messages:
        message.message_id = make_msgid(domain=domain)
    with transaction.atomic(savepoint=False):
        Message.objects.bulk_create(messages, ignore_conflicts=True)
        # A job whose message was not written, as it had been before, finds nothing to send.
        defer_in_transaction(
            send_message,
            [{"message_id": row.message_id} for row in messages],
            priority=_priority(messages),
        )


def queue_for_all_of(
    booking: Booking, *, kind: MessageKind, notice: Notice | None = None, occasion: str = ""
) -> None:
    """Write a message to the buyer, and one to each whom a ticket was sent on to. The booking's
    tickets are prefetched.
    """
    sent_on = [ticket for ticket in booking.tickets.all() if ticket.holder_email]
    queue_messages(
        [
            Message(
                kind=kind,
                booking=booking,
                ticket=ticket,
                recipient=ticket.holder_email if ticket else booking.email,
                notice=notice,
                occasion=f"{occasion}:{ticket.pk}" if ticket else occasion,
            )
            for ticket in (None, *sent_on)
        ]
    )


def resend_message(*, message: Message, recipient: str) -> None:
    """Write the message once more, to the address that it should have by now."""
    queue_message(
        kind=MessageKind(message.kind),
        recipient=recipient,
        booking=message.booking,
        ticket=message.ticket,
        waitlist_entry=message.waitlist_entry,
        notice=message.notice,
        occasion=f"{RESENT}{uuid.uuid4()}",
    )


def fail_lost_messages() -> int:
    """Mark messages as failed that no job will send any more, as where a worker died again and
    again while it sent them. Returns how many.
    """
    jobs = ProcrastinateJob.objects.alias(about=KeyTextTransform("message_id", "args")).filter(
        queue_name=send_message.queue,
        status__in=["todo", "doing"],
        about=OuterRef("message_id"),
    )
    lost = Message.objects.filter(
        ~Exists(jobs), state=MessageState.QUEUED, queued_at__lt=timezone.now() - LOST_AFTER
    )
    return lost.update(state=MessageState.FAILED, error="It was given up: no job sends it.")


def _priority(messages: Sequence[Message]) -> int:
    is_to_many = any(
        row.kind in REMINDERS or (row.notice_id and row.kind != MessageKind.TEST)
        for row in messages
    )
    return TO_MANY if is_to_many else TO_ONE
