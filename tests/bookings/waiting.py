"""People in line, for tests of the waiting list's pages."""

from typing import Any

from django.db.models import F
from django.http import HttpResponse
from django.urls import reverse

from bookings.models import WaitlistEntry
from bookings.services.waitlist import join_waitlist, offer_places
from events.models import Event, TicketStock, TicketType


def join_page(ticket_type: TicketType) -> str:
    return reverse("bookings:join_waitlist", args=[ticket_type.event.slug, ticket_type.pk])


def booking_page(event: Event) -> str:
    return reverse("bookings:create", args=[event.slug])


def person(name: str = "Ada", **more: Any) -> dict[str, Any]:
    """What someone types to join."""
    return {"quantity": 1, "name": name, "email": f"{name.lower()}@example.com"} | more


def waits(ticket_type: TicketType, name: str = "Ada", **more: Any) -> WaitlistEntry:
    """Someone who has joined."""
    ticket_type.stock.refresh_from_db()
    return join_waitlist(ticket_type=ticket_type, **person(name, **more))


def offered(ticket_type: TicketType, name: str = "Ada", **more: Any) -> WaitlistEntry:
    """Someone who has joined, first in line, and is offered the one place that came free."""
    entry = waits(ticket_type, name, **more)
    free_a_place(ticket_type)
    offer_places()
    entry.refresh_from_db()
    return entry


def free_a_place(ticket_type: TicketType) -> None:
    TicketStock.objects.filter(pk=ticket_type.pk).update(taken=F("taken") - 1)


def html_of(response: HttpResponse) -> str:
    """A page's source, with each run of white space as one blank."""
    return " ".join(response.content.decode().split())
