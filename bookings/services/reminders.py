"""Reminders of events: a day and an hour before they start."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from bookings.mail.needed import start_occasion
from bookings.models import Booking, BookingStatus, Message, MessageKind, Ticket
from bookings.services.messages import queue_messages
from events.models import Event
from events.querysets import EventQuerySet
from events.schedule import Schedule

BATCH_SIZE = 500
HOUR = dt.timedelta(hours=1)
WHOLE_DAY_REMINDER = dt.time(10)

# The longest that a day before can be is a day on which clocks go back; some go back two hours.
LOOKAHEAD = dt.timedelta(hours=26)
ZONES = dt.timedelta(days=1)  # how far a date somewhere is from the date in UTC


@dataclass(frozen=True, slots=True)
class Reminder:
    kind: MessageKind
    due_at: dt.datetime


def queue_reminders(now: dt.datetime | None = None) -> int:
    """Queue every reminder that is due and was not queued yet, for buyers and for those whom
    tickets were sent on to. Returns how many. ``now`` is an aware instant.

    What a worker that was down has missed is still sent while the event has not started; within
    the last hour that is the hour's reminder alone. Whoever booked after a reminder was due gets
    none.
    """
    now = now or timezone.now()
    queued = 0
    for event in _starting_soon(now):
        reminder = reminder_due(event.schedule, now)
        if reminder is not None:
            queued += _queue(_to_buyers(event, reminder)) + _queue(_to_holders(event, reminder))
    return queued


def reminder_due(schedule: Schedule, now: dt.datetime) -> Reminder | None:
    """The last reminder that fell due, of an event that has not started."""
    if schedule.starts_at <= now:
        return None
    an_hour_before = schedule.starts_at - HOUR
    if not schedule.is_all_day and an_hour_before <= now:
        return Reminder(MessageKind.REMINDER_HOUR, an_hour_before)
    a_day_before = day_before(schedule)
    return Reminder(MessageKind.REMINDER_DAY, a_day_before) if a_day_before <= now else None


def day_before(schedule: Schedule) -> dt.datetime:
    """The same time on the place's clock on the day before, which need not be 24 hours earlier;
    10:00 for whole days. A time that the clock skips on that day is taken as if it did not, and of
    one that it shows twice, it is the first.
    """
    # Aware times of one zone are added to as they stand on the clock.
    local = schedule.start - dt.timedelta(days=1)
    if schedule.is_all_day:
        local = dt.datetime.combine(local, WHOLE_DAY_REMINDER, local.tzinfo)
    return local.astimezone(dt.UTC)


def _starting_soon(now: dt.datetime) -> EventQuerySet:
    """Those that somebody has booked, as each takes two queries more."""
    last = now + LOOKAHEAD
    is_booked = Exists(Booking.objects.confirmed().filter(event=OuterRef("pk")))
    # The dates are what the index is on.
    return (
        Event.objects.filter(is_booked, is_active=True, starts_at__gt=now, starts_at__lte=last)
        .filter(start_date__range=((now - ZONES).date(), (last + ZONES).date()))
        .only("starts_at", "ends_at", "timezone", "is_all_day")
        .order_by("starts_at")
    )


def _to_buyers(event: Event, reminder: Reminder) -> Iterator[Message]:
    occasion = start_occasion(event)
    reminded = Message.objects.filter(booking=OuterRef("pk"), kind=reminder.kind, occasion=occasion)
    bookings = Booking.objects.confirmed().filter(
        ~Exists(reminded), event=event, confirmed_at__lte=reminder.due_at
    )
    for pk, email in bookings.order_by("pk").values_list("pk", "email"):
        yield Message(kind=reminder.kind, booking_id=pk, recipient=email, occasion=occasion)


def _to_holders(event: Event, reminder: Reminder) -> Iterator[Message]:
    occasion = start_occasion(event)
    reminded = Message.objects.filter(
        ticket=OuterRef("pk"), kind=reminder.kind, occasion__startswith=occasion
    )
    tickets = (
        Ticket.objects.filter(~Exists(reminded), ~Q(holder_email=""), booking__event=event)
        .filter(booking__status=BookingStatus.CONFIRMED)
        .annotate(sent_on_at=Max("void_codes__voided_at"))
        .filter(sent_on_at__lte=reminder.due_at)
    )
    rows = tickets.order_by("pk").values_list("pk", "booking", "holder_email")
    for pk, booking, email in rows:
        yield Message(
            kind=reminder.kind,
            booking_id=booking,
            ticket_id=pk,
            recipient=email,
            occasion=f"{occasion}:{pk}",
        )


def _queue(messages: Iterator[Message]) -> int:
    queued = 0
    while batch := list(islice(messages, BATCH_SIZE)):
        queue_messages(batch)
        queued += len(batch)
    return queued
