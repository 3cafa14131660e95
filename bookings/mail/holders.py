"""Mail to whoever a ticket was sent on to. It leads to their ticket and to nothing else: the link
of the booking is its buyer's.
"""

from bookings.access import ticket_link
from bookings.calendars import ticket_calendar
from bookings.mail import news
from bookings.mail.content import (
    Attachment,
    Content,
    calendar_file,
    tickets_file,
    title_of,
)
from bookings.models import Message, Ticket
from eventmate.mail.composing import absolute, one_line


def ticket(message: Message) -> Content:
    ticket = ticket_of(message)
    event = ticket.booking.event
    return Content(
        template="ticket",
        subject=f"Your ticket for {title_of(event)}",
        event=event,
        name=ticket.attendee_name,
        link=_link(ticket),
        context={"ticket": ticket, "sender": one_line(_sender_of(ticket))},
        attachments=[*tickets_file([ticket]), _calendar(ticket)],
    )


def cancellation(message: Message) -> Content:
    ticket = ticket_of(message)
    event = ticket.booking.event
    return Content(
        template="cancellation",
        subject=news.cancellation_subject(message, event, "ticket"),
        event=event,
        name=ticket.attendee_name,
        link=_link(ticket),
        context={"ticket": ticket, "notice": message.notice},
    )


def reminder(message: Message) -> Content:
    ticket = ticket_of(message)
    event = ticket.booking.event
    return Content(
        template="reminder",
        subject=news.reminder_subject(message, event),
        event=event,
        name=ticket.attendee_name,
        link=_link(ticket),
        context={"ticket": ticket, **news.reminder_context(event)},
    )


def change(message: Message) -> Content:
    ticket = ticket_of(message)
    event = ticket.booking.event
    notice = news.notice_of(message)
    return Content(
        template="change",
        subject=news.change_subject(notice, event),
        event=event,
        name=ticket.attendee_name,
        link=_link(ticket),
        context={"ticket": ticket, "notice": notice},
        attachments=[_calendar(ticket)],
    )


def ticket_of(message: Message) -> Ticket:
    return (
        Ticket.objects.select_related("ticket_type", "booking__event__city", "booking__event__host")
        .defer("booking__event__description")
        .get(messages=message)
    )


def _sender_of(ticket: Ticket) -> str:
    """Who had it before."""
    last = ticket.void_codes.last()
    return last.holder_name if last else ticket.booking.name


def _link(ticket: Ticket) -> str:
    return absolute(ticket_link(ticket))


def _calendar(ticket: Ticket) -> Attachment:
    return calendar_file(ticket_calendar(ticket, _link(ticket)))
