"""The door of an event, as the tests of its pages go through it."""

import re

from django.test import Client

from bookings.models import Booking, Ticket
from events.models import Event, HostMember, HostRole
from tests.bookings.hosted import hosted_event, page_of
from tests.factories import UserFactory


def event_with_door_staff(client: Client) -> Event:
    """Whose door staff, Bo Smith, makes the requests of ``client``."""
    event = hosted_event(client)
    bo = UserFactory(name="Bo Smith")
    HostMember.objects.create(host=event.host, user=bo, role=HostRole.DOOR)
    client.force_login(bo)
    return event


def at_door(client: Client, event: Event, text: str = "", **fields: object) -> str:
    response = client.post(page_of(event, "hosted_door"), {"text": text, **fields})
    assert response.status_code == 200
    return response.content.decode()


def verdict(page: str) -> tuple[str, str] | None:
    """Its colour, and its words."""
    found = re.search(r'class="verdict (\w+)".*?<h2[^>]*>([^<]*)<', page, re.DOTALL)
    return (found[1], found[2]) if found else None


def ticket_of(booking: Booking) -> Ticket:
    return booking.tickets.all()[0]
