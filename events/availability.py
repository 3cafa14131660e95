"""What can be booked of an event, over all the ticket types that everyone sees."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property

from events.models import Event, SaleState, SharedCapacity, TicketType
from events.models.triggers import FEW
from events.money import format_money


class Availability(enum.StrEnum):
    BOOKABLE = "bookable"
    CANCELLED = "cancelled"
    OVER = "over"
    NO_TICKETS = "no_tickets"
    SOLD_OUT = "sold_out"
    NOT_STARTED = "not_started"
    CLOSED = "closed"
    NOT_PAYABLE = "not_payable"


@dataclass(frozen=True)
class Offer:
    """The ticket types of one event, loaded with their stock, at the moment when it is asked."""

    event: Event
    ticket_types: Sequence[TicketType]

    @property
    def price(self) -> str:
        """Such as "Free", "€12.00", "From €12.00" or "Free – €8.00"; empty with no ticket types."""
        if not self.ticket_types:
            return ""
        by_price = sorted(self.ticket_types, key=lambda row: row.price)
        lowest, highest = (
            format_money(row.price, row.currency) for row in (by_price[0], by_price[-1])
        )
        if lowest == highest:
            return lowest
        return f"{lowest} – {highest}" if by_price[0].is_free else f"From {lowest}"

    @cached_property
    def on_sale(self) -> list[TicketType]:
        """Those that somebody could book now."""
        return [
            row
            for row in self.ticket_types
            if row.sale_state is SaleState.ON_SALE and row.is_payable
        ]

    @property
    def has_paid(self) -> bool:
        return any(not row.is_free for row in self.ticket_types)

    @cached_property
    def left(self) -> int:
        """Places on sale now. What several ticket types share counts once."""
        left = 0
        together: dict[SharedCapacity, int] = {}
        for stock in (row.stock for row in self.on_sale):
            if stock.shared_capacity is None:
                left += stock.for_sale
            else:
                shared = stock.shared_capacity
                together[shared] = together.get(shared, 0) + stock.for_sale
        return left + sum(min(shared.left, limits) for shared, limits in together.items())

    @property
    def is_nearly_sold_out(self) -> bool:
        return 0 < self.left <= FEW

    @cached_property
    def availability(self) -> Availability:
        if self.event.is_cancelled:
            return Availability.CANCELLED
        if self.event.is_over:
            return Availability.OVER
        if not self.ticket_types:
            return Availability.NO_TICKETS
        if self.on_sale:
            return Availability.BOOKABLE
        states = {row.sale_state for row in self.ticket_types}
        for state, availability in (
            (SaleState.ON_SALE, Availability.NOT_PAYABLE),
            (SaleState.SOLD_OUT, Availability.SOLD_OUT),
            (SaleState.NOT_STARTED, Availability.NOT_STARTED),
        ):
            if state in states:
                return availability
        return Availability.CLOSED


def offer_of(event: Event) -> Offer:
    """Of an event that has its visible ticket types, as the listings' querysets load them."""
    return Offer(event, event.offered)
