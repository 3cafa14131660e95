"""What an event lacks before it can be published, and what would make it better."""

from dataclasses import dataclass

from django.utils import timezone

from events.editing import PAGE, PICTURES, TICKETS, WHEN, WHERE, Step
from events.models import Event, TicketType


@dataclass(frozen=True, slots=True)
class Item:
    step: Step
    text: str
    is_done: bool
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Checklist:
    items: list[Item]

    @property
    def needed(self) -> list[Item]:
        return [item for item in self.items if item.is_needed]

    @property
    def wishes(self) -> list[Item]:
        """What is not needed and not there."""
        return [item for item in self.items if not item.is_needed and not item.is_done]

    @property
    def is_ready(self) -> bool:
        return all(item.is_done for item in self.needed)


def checklist_of(event: Event) -> Checklist:
    ticket_types = list(event.ticket_types.with_stock().filter(stock__isnull=False))
    items = [
        _date(event),
        Item(WHERE, "A city, or that it is online", bool(event.city_id) or event.is_online),
        _tickets(event, ticket_types),
        *_payment(event, ticket_types),
        Item(PAGE, "A summary, which lists and searches show", bool(event.summary), False),
        Item(PAGE, "A description, which says why to come", bool(event.description), False),
    ]
    items.append(Item(PICTURES, "A picture", event.images.exists(), False))
    if event.city_id:
        items.append(Item(WHERE, "A venue or an address", _has_address(event), False))
    return Checklist(items)


def _date(event: Event) -> Item:
    if event.is_scheduled and event.is_over:
        return Item(WHEN, "A date that is still to come", False)
    return Item(WHEN, "A date", event.is_scheduled)


def _tickets(event: Event, ticket_types: list[TicketType]) -> Item:
    """An event may send people to its own website instead."""
    now = timezone.now()
    with_places = [row for row in ticket_types if row.stock.capacity]
    if with_places and all(row.sales_close_at <= now for row in with_places):
        return Item(TICKETS, "Tickets whose sale has not ended", False)
    is_done = bool(with_places) or bool(event.website)
    return Item(TICKETS, "Tickets to book, or a website on the page", is_done)


def _payment(event: Event, ticket_types: list[TicketType]) -> list[Item]:
    if not any(row.price for row in ticket_types):
        return []
    is_done = event.allows_pay_at_door or bool(event.website)
    return [Item(PAGE, "Payment at the door, as the tickets have a price", is_done)]


def _has_address(event: Event) -> bool:
    return bool(event.venue or event.address)
