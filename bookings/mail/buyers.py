"""Mail to whoever made a booking."""

from bookings.access import booking_link
from bookings.calendars import booking_calendar
from bookings.mail import news
from bookings.mail.content import (
    Attachment,
    Content,
    calendar_file,
    tickets_file,
    title_of,
)
from bookings.models import Booking, BookingChange, BookingStatus, Message
from eventmate.mail.composing import absolute


def confirmation(message: Message) -> Content:
    booking = booking_of(message)
    return Content(
        template="confirmation",
        subject=f"Your tickets for {title_of(booking.event)}",
        event=booking.event,
        name=booking.name,
        link=_link(booking),
        context={"booking": booking},
        attachments=[
            # Others are on their way to the people whose they are by now.
            *tickets_file([row for row in booking.tickets.all() if not row.holder_email]),
            _calendar(booking),
        ],
    )


def cancellation(message: Message) -> Content:
    booking = booking_of(message)
    return Content(
        template="cancellation",
        subject=news.cancellation_subject(message, booking.event, "booking"),
        event=booking.event,
        name=booking.name,
        link=_link(booking),
        context={
            "booking": booking,
            "notice": message.notice,
            "cancelled": _end_of(booking),
        },
    )


def reminder(message: Message) -> Content:
    booking = booking_of(message)
    return Content(
        template="reminder",
        subject=news.reminder_subject(message, booking.event),
        event=booking.event,
        name=booking.name,
        link=_link(booking),
        context={"booking": booking, **news.reminder_context(booking.event)},
    )


def change(message: Message) -> Content:
    booking = booking_of(message)
    notice = news.notice_of(message)
    return Content(
        template="change",
        subject=news.change_subject(notice, booking.event),
        event=booking.event,
        name=booking.name,
        link=_link(booking),
        context={"booking": booking, "notice": notice},
        attachments=[_calendar(booking)],
    )


def offer(message: Message) -> Content:
    booking = booking_of(message)
    entry = booking.waitlist_entry
    quantity = len(booking.tickets.all())
    return Content(
        template="offer",
        subject=f"{'A place' if quantity == 1 else 'Places'} for you: {title_of(booking.event)}",
        event=booking.event,
        name=booking.name,
        link=_link(booking, "bookings:confirm"),
        context={
            "booking": booking,
            "ticket_type": entry.ticket_type,
            "quantity": quantity,
            "rest": entry.quantity - quantity,
        },
    )


def booking_of(message: Message) -> Booking:
    """As it is now, with all that its mails show."""
    return (
        Booking.objects.for_page()
        .select_related("event__city", "event__host")
        .get(messages=message)
    )


def _end_of(booking: Booking) -> BookingChange | None:
    """Who cancelled it; why is for the host's eyes."""
    changes = booking.changes.filter(after=BookingStatus.CANCELLED)
    return changes.exclude(before=BookingStatus.CANCELLED).last()


def _link(booking: Booking, view: str = "bookings:detail") -> str:
    return absolute(booking_link(booking, view))


def _calendar(booking: Booking) -> Attachment:
    return calendar_file(booking_calendar(booking, _link(booking)))
