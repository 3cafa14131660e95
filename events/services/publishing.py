"""The life of an event: draft, published, cancelled, and back to a draft to publish it again."""

from django.utils import timezone

from events.exceptions import EventError, EventRefusal
from events.models import Event, EventStatus


def publish_event(*, event: Event) -> Event:
    """Show a draft to everyone. Publishing again changes nothing.

    Raises EventError: NOT_A_DRAFT for a cancelled event, NOT_SCHEDULED for one without its times.
    """
    if not event.is_scheduled:
        raise EventError(EventRefusal.NOT_SCHEDULED, "It has no date yet.")
    return _move(
        event,
        EventStatus.DRAFT,
        EventStatus.PUBLISHED,
        EventError(
            EventRefusal.NOT_A_DRAFT,
            "A cancelled event must become a draft before it is published.",
        ),
    )


def cancel_event(*, event: Event) -> Event:
    """Stop the sales of a published event, which stays to be seen as cancelled. Bookings stay as
    they are. Cancelling again changes nothing.

    Raises EventError: NOT_PUBLISHED for a draft.
    """
    return _move(
        event,
        EventStatus.PUBLISHED,
        EventStatus.CANCELLED,
        EventError(EventRefusal.NOT_PUBLISHED, "Nobody has seen this draft: delete it instead."),
    )


def unpublish_event(*, event: Event) -> Event:
    """Make a published event a draft again, which only its team sees. Doing so again changes
    nothing. What was booked is not looked at: bookings/services/withdrawing.py does that.

    Raises EventError: NOT_PUBLISHED for a cancelled event.
    """
    return _move(
        event,
        EventStatus.PUBLISHED,
        EventStatus.DRAFT,
        EventError(EventRefusal.NOT_PUBLISHED, "Only a published event can be taken back."),
    )


def reopen_event(*, event: Event) -> Event:
    """Make a cancelled event a draft again. Reopening again changes nothing.

    Raises EventError: NOT_CANCELLED for a published event.
    """
    return _move(
        event,
        EventStatus.CANCELLED,
        EventStatus.DRAFT,
        EventError(EventRefusal.NOT_CANCELLED, "Only a cancelled event can become a draft again."),
    )


def _move(event: Event, before: EventStatus, after: EventStatus, refusal: EventError) -> Event:
    """One conditional update, so that of two people who click at once neither undoes the other."""
    moved = Event.objects.filter(pk=event.pk, status=before).update(
        status=after, updated_at=timezone.now()
    )
    event.refresh_from_db()
    if not moved and event.status != after:
        raise refusal
    return event
