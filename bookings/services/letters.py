"""What a host writes to the attendees of an event: a draft first, and then a notice, which
bookings/services/notices.py carries out.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from procrastinate.contrib.django import app

from bookings.actors import Actor
from bookings.exceptions import Refusal, refusal
from bookings.models import (
    Booking,
    Message,
    MessageKind,
    MessageState,
    Notice,
    NoticeKind,
    Ticket,
)
from bookings.models.message import RESENT
from bookings.recipients import bookings_told, count_recipients, tickets_told
from bookings.services.messages import queue_message, queue_messages
from events.models import Event, Host, TicketType
from events.saved_searches import has_own_address

if TYPE_CHECKING:
    from accounts.models import User

BATCH_SIZE = 50
A_DAY = dt.timedelta(days=1)
MOST_TESTS_A_DAY = 20  # of all letters of a host

Row = TypeVar("Row", bound=Model)


def save_draft(
    *,
    event: Event,
    key: uuid.UUID,
    by: Actor,
    subject: str,
    text: str,
    ticket_types: Sequence[TicketType] = (),
    is_to_absent: bool = False,
) -> Notice:
    """Write a draft, or write it anew: the same key is the same letter. Without ticket types it is
    to everyone; ``is_to_absent`` leaves out those who are checked in when it is sent.

    Raises BookingError: SENT_ALREADY where the letter was sent with other words or to others.
    """
    with transaction.atomic():
        letter, is_new = Notice.objects.select_for_update(no_key=True).get_or_create(
            event=event,
            key=key,
            defaults={
                "kind": NoticeKind.LETTER,
                "subject": subject,
                "text": text,
                "is_to_all": not ticket_types,
                "is_to_absent": is_to_absent,
                "by": by.user,
                "role": by.role,
                "bookings_to_tell": 0,
            },
        )
        if not letter.is_draft:
            _check_is_same(letter, subject, text, ticket_types, is_to_absent)
            return letter
        if not is_new:
            letter.subject, letter.text, letter.is_to_all = subject, text, not ticket_types
            letter.is_to_absent, letter.by, letter.role = is_to_absent, by.user, by.role
            letter.save(
                update_fields=["subject", "text", "is_to_all", "is_to_absent", "by", "role"]
            )
        letter.ticket_types.set(ticket_types)
    return letter


def discard_draft(*, draft: Notice) -> None:
    """Delete it, unless it was sent meanwhile."""
    with transaction.atomic():
        # Locked, as Django deletes by key what was a draft when it looked.
        drafts = Notice.objects.drafts().select_for_update(of=("self",))
        if locked := drafts.filter(pk=draft.pk).first():
            locked.delete()


def send_letter(*, letter: Notice, by: Actor) -> Notice:
    """Send a draft to everyone whom it is to. One that was sent already is not sent again.

    Raises BookingError: NOBODY_TO_TELL, and TOO_MANY_LETTERS where the host has sent as many within
    a day as it may.
    """
    with transaction.atomic():
        # Two letters of a host are not counted at once.
        Host.objects.select_for_update(no_key=True).get(events=letter.event_id)
        letter = Notice.objects.select_for_update(no_key=True, of=("self",)).get(pk=letter.pk)
        if not letter.is_draft:
            return letter
        letter.bookings_to_tell = count_recipients(letter)
        if not letter.bookings_to_tell:
            raise refusal(Refusal.NOBODY_TO_TELL, "There is nobody to send it to.")
        if next_letter_at(letter.event):
            most = settings.HOST_MESSAGES_A_DAY
            raise refusal(
                Refusal.TOO_MANY_LETTERS,
                f"You can send {most} message{'' if most == 1 else 's'} a day, and you have."
                " This one is kept as a draft.",
            )
        letter.started_at, letter.by, letter.role = timezone.now(), by.user, by.role
        letter.save(update_fields=["bookings_to_tell", "started_at", "by", "role"])
        app.configure_task("bookings.carry_out_notice").defer(notice_id=letter.pk)
    return letter


def next_letter_at(event: Event) -> dt.datetime | None:
    """When the event's host may send a letter again; None if it may now."""
    sent = (
        Notice.objects.told()
        .filter(kind=NoticeKind.LETTER, event__host=event.host_id)
        .filter(started_at__gt=timezone.now() - A_DAY)
        .order_by("-started_at")
        .values_list("started_at", flat=True)[: settings.HOST_MESSAGES_A_DAY]
    )
    times = [at for at in sent if at is not None]
    return times[-1] + A_DAY if len(times) == settings.HOST_MESSAGES_A_DAY else None


def send_test(*, letter: Notice, to: "User") -> None:
    """Write the letter to whoever asks for it, as it is now.

    Raises BookingError: NOT_RESENDABLE while one is on its way, after MOST_TESTS_A_DAY, and where
    nobody knows that the address is theirs.
    """
    if not has_own_address(to):
        raise refusal(Refusal.NOT_RESENDABLE, "Confirm your e-mail address first.")
    with transaction.atomic():
        host = Host.objects.select_for_update(no_key=True).get(events=letter.event_id)
        tests = Message.objects.filter(kind=MessageKind.TEST, notice__event__host=host)
        if tests.filter(state=MessageState.QUEUED, notice=letter, recipient=to.email).exists():
            raise refusal(Refusal.NOT_RESENDABLE, "One is on its way to you already.")
        if tests.filter(queued_at__gt=timezone.now() - A_DAY).count() >= MOST_TESTS_A_DAY:
            raise refusal(
                Refusal.NOT_RESENDABLE, f"{MOST_TESTS_A_DAY} tests went out within a day."
            )
        queue_message(kind=MessageKind.TEST, recipient=to.email, notice=letter)


def queue_letters(letter: Notice) -> None:
    """Write all messages of a letter that are not written yet, a batch at a time, each in a
    transaction of its own.
    """
    occasion = f"notice:{letter.pk}"

    def to_buyer(booking: Booking) -> Message:
        return Message(
            kind=MessageKind.LETTER,
            notice=letter,
            booking=booking,
            recipient=booking.email,
            occasion=occasion,
        )

    def to_holder(ticket: Ticket) -> Message:
        return Message(
            kind=MessageKind.LETTER,
            notice=letter,
            booking_id=ticket.booking_id,
            ticket=ticket,
            recipient=ticket.holder_email,
            occasion=f"{occasion}:{ticket.pk}",
        )

    _queue_in_batches(bookings_told(letter).filter(~_is_written(letter, "email")), to_buyer)
    _queue_in_batches(tickets_told(letter).filter(~_is_written(letter, "holder_email")), to_holder)


def _queue_in_batches(rows: "QuerySet[Row]", message_to: Callable[[Row], Message]) -> None:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH_SIZE):
        batch = rows.filter(pk__in=keys[start : start + BATCH_SIZE]).order_by("pk")
        queue_messages([message_to(row) for row in batch])


def _is_written(letter: Notice, address: str) -> Exists:
    written = Message.objects.filter(notice=letter, kind=MessageKind.LETTER)
    written = written.exclude(occasion__startswith=RESENT)
    return Exists(written.alias(reader=Lower("recipient")).filter(reader=Lower(OuterRef(address))))


def _check_is_same(
    letter: Notice,
    subject: str,
    text: str,
    ticket_types: Sequence[TicketType],
    is_to_absent: bool,
) -> None:
    was_to = (set(letter.ticket_types.values_list("pk", flat=True)), letter.is_to_absent)
    is_to = ({ticket_type.pk for ticket_type in ticket_types}, is_to_absent)
    if (letter.subject, letter.text, was_to) != (subject, text, is_to):
        raise refusal(
            Refusal.SENT_ALREADY,
            "This message was sent already, as it was before your changes. What you see here is a"
            " new one.",
        )
