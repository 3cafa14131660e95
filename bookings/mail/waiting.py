"""Mail to whoever waits for places."""

from bookings.access import waitlist_link
from bookings.mail.content import Content, absolute, title_of
from bookings.models import Message, WaitlistEntry


def waiting(message: Message) -> Content:
    entry = (
        WaitlistEntry.objects.for_page()
        .select_related("ticket_type__event__city", "ticket_type__event__host")
        .get(messages=message)
    )
    event = entry.ticket_type.event
    return Content(
        template="waiting",
        subject=f"You are on the waiting list for {title_of(event)}",
        event=event,
        name=entry.name,
        link=absolute(waitlist_link(entry)),
        context={"entry": entry},
    )
