"""Claims as they would be without their guard, for races that show what it prevents."""

import threading

import pytest

from bookings.services import inventory
from events.models import TicketStock


def without_guard(monkeypatch: pytest.MonkeyPatch, *, claims: int) -> None:
    """So many claims read what is left, all before the first of them writes it back."""
    everyone_has_read = threading.Barrier(claims, timeout=30)

    def claim(ticket_type_id: int, quantity: int) -> list[int]:
        stock = TicketStock.objects.select_related("shared_capacity").get(pk=ticket_type_id)
        everyone_has_read.wait()
        if stock.left < quantity:
            raise inventory.TooFewLeft
        for row in filter(None, (stock, stock.shared_capacity)):
            row.taken += quantity
            row.save(update_fields=["taken"])
        return []

    monkeypatch.setattr(inventory, "_claim", claim)
