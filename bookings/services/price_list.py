"""What someone can choose from at an event: what everyone sees, and what a promo code unlocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bookings.exceptions import BookingError, Problem
from bookings.models import PromoCode
from bookings.services.choice import is_for
from bookings.services.promo_codes import find_promo_code
from events.models import Event, TicketStock, TicketType


@dataclass(frozen=True, slots=True)
class PriceList:
    """Ticket types with their stock, and the promo code that their prices are with; ``problem`` is
    why a code that was typed does not count.
    """

    event: Event
    ticket_types: Sequence[TicketType]
    promo_code: PromoCode | None = None
    problem: Problem | None = None

    @property
    def currency(self) -> str:
        return self.ticket_types[0].currency if self.ticket_types else ""

    @property
    def unlocked(self) -> list[TicketType]:
        """What only the code shows."""
        return [row for row in self.ticket_types if row.is_hidden]

    def price_of(self, ticket_type: TicketType) -> Decimal:
        if self.promo_code and is_for(self.promo_code, ticket_type):
            return self.promo_code.price_of(ticket_type)
        return ticket_type.price


def price_list_of(*, event: Event, promo_code: str = "") -> PriceList:
    """Of an event that was loaded for booking. ``promo_code`` is what was typed."""
    visible = event.offered
    try:
        code = find_promo_code(event=event, text=promo_code)
    except BookingError as error:
        return PriceList(event, visible, problem=error.problems[0])
    offered = sorted([*visible, *_unlocked(event, code)], key=lambda row: (row.position, row.pk))
    return PriceList(event, offered, code)


def refresh_stock(ticket_types: Sequence[TicketType]) -> None:
    """Read anew what is left of them."""
    stocks = TicketStock.objects.select_related("shared_capacity").in_bulk(
        [row.pk for row in ticket_types]
    )
    for ticket_type in ticket_types:
        ticket_type.stock = stocks[ticket_type.pk]


def _unlocked(event: Event, promo_code: PromoCode | None) -> list[TicketType]:
    hidden = (
        [row.pk for row in promo_code.ticket_types.all() if row.is_hidden] if promo_code else []
    )
    if not hidden:
        return []
    rows = TicketType.objects.with_stock().filter(event=event, pk__in=hidden, stock__isnull=False)
    for row in rows:
        row.event = event
    return list(rows)
