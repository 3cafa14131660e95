"""Mail to whoever waits for places."""

from bookings.access import waitlist_link
from bookings.mail.content import Content, title_of
from bookings.models import Message, WaitlistEntry
from eventmate.mail.composing import absolute


def waiting(message: Message) -> Content:
    entry = _entry_of(message)
    event = entry.ticket_type.event
    return Content(
        template="waiting",
        subject=f"You are on the waiting list for {title_of(event)}",
        event=event,
        name=entry.name,
        link=_link(entry),
        context={"entry": entry},
    )


def cancellation(message: Message) -> Content:
    entry = _entry_of(message)
    event = entry.ticket_type.event
    return Content(
        template="line_ended",
        subject=f"Cancelled: {title_of(event)}",
        event=event,
        name=entry.name,
        link=_link(entry),
        context={"entry": entry, "notice": message.notice},
    )


def _entry_of(message: Message) -> WaitlistEntry:
    return (
        WaitlistEntry.objects.for_page()
        .select_related("ticket_type__event__city", "ticket_type__event__host")
        .get(messages=message)
    )


def _link(entry: WaitlistEntry) -> str:
    return absolute(waitlist_link(entry))
