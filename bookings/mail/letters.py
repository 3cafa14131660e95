"""What a host writes to attendees, as each of them reads it."""

from typing import Any

from django.contrib.auth import get_user_model

from bookings.access import booking_link, ticket_link
from bookings.mail import news
from bookings.mail.buyers import booking_of
from bookings.mail.content import Content, title_of
from bookings.mail.holders import ticket_of
from bookings.mail.variables import fill_in
from bookings.models import Message, Notice
from eventmate.mail.composing import absolute, one_line
from events.models import Event

SOMEONE = "guest"  # of whom no name is known


def to_buyer(message: Message) -> Content:
    booking = booking_of(message)
    return _letter(
        news.notice_of(message),
        booking.event,
        name=booking.name,
        link=absolute(booking_link(booking)),
    )


def to_holder(message: Message) -> Content:
    ticket = ticket_of(message)
    return _letter(
        news.notice_of(message),
        ticket.booking.event,
        name=ticket.attendee_name,
        link=absolute(ticket_link(ticket)),
        ticket=ticket,
    )


def to_writer(message: Message) -> Content:
    """A test, to whoever asked for it."""
    letter = Notice.objects.select_related("event__city", "event__host").get(messages=message)
    writer = get_user_model().objects.filter(email__iexact=message.recipient).first()
    return sample(letter, name=writer.get_full_name() if writer else "", is_test=True)


def sample(letter: Notice, *, name: str, is_test: bool = False) -> Content:
    """As someone of that name reads it. The links to their tickets are the readers' own; here the
    event's page takes their place.
    """
    link = absolute(letter.event.get_absolute_url())
    return _letter(letter, letter.event, name=name, link=link, is_test=is_test)


def _letter(
    letter: Notice, event: Event, *, name: str, link: str, is_test: bool = False, **context: Any
) -> Content:
    values = {"name": one_line(name) or SOMEONE, "event": title_of(event), "ticket_link": link}
    subject = one_line(fill_in(letter.subject, values))
    return Content(
        template="letter",
        subject=f"Test: {subject}" if is_test else subject,
        event=event,
        name=name,
        link=link,
        context={"words": fill_in(letter.text, values), "is_test": is_test, **context},
    )
