"""An event with a booking, and its owner logged in, as the tests of the hosts' pages need them."""

import uuid
from typing import Any

from django.test import Client
from django.urls import reverse

from bookings.models import Booking, Message, MessageKind, MessageState
from events.models import Event
from tests.factories import BookingFactory, TicketTypeFactory


def hosted_event(client: Client, **fields: Any) -> Event:
    """An event with ten places, whose owner makes the requests of ``client``."""
    event: Event = TicketTypeFactory(**{f"event__{name}": fields[name] for name in fields}).event
    client.force_login(event.host.owner)
    return event


def booked(event: Event, tickets: int = 1, **fields: Any) -> Booking:
    booking: Booking = BookingFactory(
        event=event, tickets=[event.ticket_types.get()] * tickets, **fields
    )
    return booking


def mail(
    booking: Booking,
    state: MessageState = MessageState.SENT,
    kind: MessageKind = MessageKind.CONFIRMATION,
    **fields: Any,
) -> Message:
    return Message.objects.create(
        **{"recipient": booking.email, "occasion": uuid.uuid4().hex, "booking": booking} | fields,
        kind=kind,
        state=state,
        message_id=f"<{uuid.uuid4()}@example.com>",
    )


def page_of(event: Event, name: str, *args: object) -> str:
    return reverse(f"bookings:{name}", args=[event.slug, *args])
