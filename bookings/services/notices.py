"""What all buyers of an event are told: that it is cancelled, or has a new time or place, or what
its host writes to them.

A notice is written at once; a job then works through the bookings in batches, each in a transaction
of its own, and finds what is left to do by itself when it is started again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from procrastinate.contrib.django import app

from bookings.actors import Actor, ActorRole
from bookings.models import Booking, Message, MessageKind, MessageState, Notice, NoticeKind
from bookings.models.message import RESENT
from bookings.services.booking import end_bookings
from bookings.services.letters import queue_letters
from bookings.services.messages import queue_for_all_of, queue_messages
from bookings.services.waitlist import end_line
from events.models import Event, TicketType
from events.services.publishing import cancel_event

BATCH_SIZE = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice has come: bookings that are done, and their mails."""

    bookings: int
    done: int
    sent: int
    on_their_way: int
    failed: int


def cancel_event_and_bookings(*, event: Event, by: Actor, text: str = "") -> Notice:
    """Cancel a published event with all its bookings, and tell each buyer; ``text`` is what the
    host has to say about it. Cancelling again returns the notice that is under way, or is a new
    one for the bookings that there still are.

    Raises EventError: NOT_PUBLISHED for a draft.
    """
    try:
        with transaction.atomic():
            event = cancel_event(event=event)
            bookings = Booking.objects.holding_places().filter(event=event)
            notice = _write(event, NoticeKind.CANCELLED, bookings.count(), by, text=text)
    except IntegrityError:
        return Notice.objects.get(event=event, kind=NoticeKind.CANCELLED, finished_at=None)
    return notice


def tell_of_change(
    *, event: Event, by: Actor, old_time: str = "", old_place: str = "", text: str = ""
) -> Notice:
    """Tell each buyer of the event's new time or place; what it was before stands in the mail."""
    bookings = Booking.objects.confirmed().filter(event=event)
    with transaction.atomic():
        return _write(
            event,
            NoticeKind.CHANGED,
            bookings.count(),
            by,
            text=text,
            old_time=old_time,
            old_place=old_place,
        )


def carry_out(notice: Notice) -> None:
    """Do all that is left of a notice."""
    match notice.kind:
        case NoticeKind.CANCELLED:
            _repeat(_cancel_batch, notice)
            _repeat(_end_lines, notice)
        case NoticeKind.CHANGED:
            _repeat(_tell_batch, notice)
        case NoticeKind.LETTER:
            queue_letters(notice)
    Notice.objects.filter(pk=notice.pk, finished_at=None).update(finished_at=timezone.now())


def unfinished_notices() -> set[int]:
    """Those whose job was lost; and the last one of each cancelled event with bookings that were
    confirmed in the very moment in which it was cancelled.
    """
    left_behind = Booking.objects.holding_places().filter(event=OuterRef("event"))
    cancelled = Notice.objects.filter(kind=NoticeKind.CANCELLED, event__status="cancelled")
    last = cancelled.filter(Exists(left_behind)).order_by("event_id", "-pk").distinct("event_id")
    unfinished = Notice.objects.told().filter(finished_at=None)
    return {*unfinished.values_list("pk", flat=True), *last.values_list("pk", flat=True)}


def progress_of(notice: Notice) -> Progress:
    mails = mails_of([notice])[notice.pk]
    return Progress(
        bookings=notice.bookings_to_tell,
        done=_count_done(notice),
        sent=mails.get(MessageState.SENT, 0),
        on_their_way=mails.get(MessageState.QUEUED, 0),
        failed=mails.get(MessageState.FAILED, 0),
    )


def mails_of(notices: Iterable[Notice]) -> dict[int, dict[str, int]]:
    """How many mails of each notice are in each state, without tests of letters."""
    mails: dict[int, dict[str, int]] = {notice.pk: {} for notice in notices}
    counts = (
        Message.objects.filter(notice__in=mails)
        .exclude(kind=MessageKind.TEST)
        .order_by()
        .values_list("notice", "state")
        .annotate(count=Count("pk"))
    )
    for notice_id, state, count in counts:
        mails[notice_id][state] = count
    return mails


def _count_done(notice: Notice) -> int:
    if notice.kind == NoticeKind.CANCELLED:
        left = Booking.objects.holding_places().filter(event=notice.event_id).count()
        return max(notice.bookings_to_tell - left, 0)
    mails = Message.objects.filter(notice=notice)
    if notice.is_letter:
        told = mails.filter(kind=MessageKind.LETTER).exclude(occasion__startswith=RESENT)
    else:
        told = mails.filter(ticket=None)
    return min(told.count(), notice.bookings_to_tell)


def _write(event: Event, kind: NoticeKind, bookings: int, by: Actor, **words: str) -> Notice:
    notice = Notice.objects.create(
        event=event, kind=kind, by=by.user, role=by.role, bookings_to_tell=bookings, **words
    )
    app.configure_task("bookings.carry_out_notice").defer(notice_id=notice.pk)
    return notice


def _repeat(step: Callable[[Notice], bool], notice: Notice) -> None:
    while step(notice):
        pass


def _cancel_batch(notice: Notice) -> bool:
    by = Actor(ActorRole(notice.role), notice.by)
    with transaction.atomic():
        bookings = list(
            Booking.objects.holding_places()
            .filter(event=notice.event_id, event__status="cancelled")
            .order_by("pk")
            .select_for_update(of=("self",))
            .prefetch_related("tickets")[:BATCH_SIZE]
        )
        if bookings:
            end_bookings(bookings, by=by, reason="The event was cancelled.", notice=notice)
    return bool(bookings)


def _end_lines(notice: Notice) -> bool:
    """Nobody waits for places of an event that is cancelled."""
    ticket_types = TicketType.objects.filter(event=notice.event_id, event__status="cancelled")
    with transaction.atomic():
        entries = end_line(list(ticket_types.values_list("pk", flat=True)))
        if entries:
            queue_messages(
                [
                    Message(
                        kind=MessageKind.CANCELLATION,
                        waitlist_entry=entry,
                        recipient=entry.email,
                        notice=notice,
                    )
                    for entry in entries
                ]
            )
    return bool(entries)


def _tell_batch(notice: Notice) -> bool:
    occasion = f"notice:{notice.pk}"
    told = Message.objects.filter(
        booking=OuterRef("pk"), kind=MessageKind.CHANGE, occasion=occasion
    )
    bookings = (
        Booking.objects.confirmed()
        .filter(~Exists(told), event=notice.event_id, confirmed_at__lte=notice.created_at)
        .order_by("pk")
        .prefetch_related("tickets")[:BATCH_SIZE]
    )
    with transaction.atomic():
        for booking in bookings:
            queue_for_all_of(booking, kind=MessageKind.CHANGE, notice=notice, occasion=occasion)
    return bool(bookings)
