"""Letters, as a host writes them."""

import uuid
from typing import Any

from allauth.account.models import EmailAddress

from bookings.actors import Actor
from bookings.models import Message, MessageKind, MessageState, Notice
from bookings.services.letters import save_draft, send_letter
from events.models import Event
from tests.factories import BookingFactory, HoldFactory, TicketTypeFactory

SUBJECT, TEXT = "Doors for {event}", "Hello {name},\n\nit is here: {ticket_link}"
BUYERS = [f"b{number}@example.com" for number in range(5)]


def event_with_buyers() -> Event:
    """With five buyers of a ticket each, and a hold."""
    ticket_type = TicketTypeFactory()
    event: Event = ticket_type.event
    for email in BUYERS:
        BookingFactory(event=event, tickets=[ticket_type], email=email)
    HoldFactory(event=event, tickets=[ticket_type], email="hold@example.com")
    return event


def host_of(event: Event) -> Actor:
    return Actor.host(event.host.owner)


def draft(event: Event, **fields: Any) -> Notice:
    words = {"subject": SUBJECT, "text": TEXT, "key": uuid.uuid4()}
    return save_draft(event=event, by=host_of(event), **words | fields)


def sent(event: Event, **fields: Any) -> Notice:
    """One that the worker has not begun with."""
    return send_letter(letter=draft(event, **fields), by=host_of(event))


def readers(letter: Notice) -> list[str]:
    mails = Message.objects.filter(notice=letter, kind=MessageKind.LETTER)
    return sorted(mails.values_list("recipient", flat=True))


def verify(user: Any) -> None:
    """Make the account's address known to be theirs."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def mails_went_out(letter: Notice, state: MessageState = MessageState.SENT) -> None:
    Message.objects.filter(notice=letter).update(state=state)
