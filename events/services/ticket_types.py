"""Ticket types and how many places they have. What is taken of them is for bookings alone."""

from django.db import transaction

from events.exceptions import EventError, EventRefusal
from events.models import SharedCapacity, TicketStock, TicketType


def create_ticket_type(
    *, ticket_type: TicketType, capacity: int, shared_capacity: SharedCapacity | None = None
) -> TicketType:
    """Store a new ticket type together with its places."""
    ticket_type.full_clean()
    with transaction.atomic():
        ticket_type.save(force_insert=True)
        TicketStock.objects.create(
            ticket_type=ticket_type, capacity=capacity, shared_capacity=shared_capacity
        )
    return ticket_type


def set_capacity(*, ticket_type: TicketType, capacity: int) -> None:
    """Give a ticket type more or fewer places, but never fewer than are taken.

    Raises EventError: CAPACITY_BELOW_TAKEN, with the numbers.
    """
    stock = TicketStock.objects.filter(pk=ticket_type.pk)
    if not stock.filter(taken__lte=capacity).update(capacity=capacity):
        raise capacity_below_taken(capacity=capacity, taken=stock.get().taken)


def move_ticket_type(*, ticket_type: TicketType, up: bool) -> None:
    """Show a ticket type one place earlier or later among those of its event. At the end of the
    list it stays where it is.
    """
    with transaction.atomic():
        siblings = TicketType.objects.filter(event=ticket_type.event_id).order_by("pk")
        locked = list(siblings.select_for_update(no_key=True, of=("self",)))
        rows = sorted(locked, key=lambda row: (row.position, row.pk))
        before = rows.index(ticket_type)
        after = min(max(before + (-1 if up else 1), 0), len(rows) - 1)
        rows.insert(after, rows.pop(before))
        for position, row in enumerate(rows):
            row.position = position
        TicketType.objects.bulk_update(rows, ["position"])


def capacity_below_taken(*, capacity: int, taken: int) -> EventError:
    places = "1 place is" if taken == 1 else f"{taken} places are"
    return EventError(
        EventRefusal.CAPACITY_BELOW_TAKEN,
        f"{places} taken, so the capacity cannot be {capacity}.",
    )
