"""What each ticket type and each source has sold."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bookings.figures.reading import Sales, Sold
from bookings.figures.showing import say_number
from events.models import TicketType

MOST_SOURCES = 20
NO_SOURCE = "No source named"
OTHERS = "Others"


@dataclass(frozen=True, slots=True)
class Share:
    """``percent`` is of the largest, for a bar."""

    name: str
    tickets: int
    revenue: str
    percent: float


def by_ticket_type(ticket_types: Sequence[TicketType], sales: Sales) -> list[Share]:
    """In the order in which they are offered, those that sold none too."""
    named: list[tuple[str, Sold]] = []
    for ticket_type in ticket_types:
        of_type = [sold for sold in sales.by_ticket_type if sold.of == ticket_type.pk]
        nothing = [Sold(ticket_type.pk, ticket_type.currency, 0, Decimal(0))]
        named += [(ticket_type.name, sold) for sold in of_type or nothing]
    return _shares(named)


def by_source(sales: Sales) -> list[Share]:
    """The most tickets first, and the smallest together."""
    ordered = sorted(sales.by_source, key=lambda sold: (-sold.tickets, sold.of))
    others: dict[str, Sold] = {}
    for sold in ordered[MOST_SOURCES:]:
        known = others.get(sold.currency, Sold("", sold.currency, 0, Decimal(0)))
        others[sold.currency] = Sold(
            "", sold.currency, known.tickets + sold.tickets, known.revenue + sold.revenue
        )
    shown = [(sold.of or NO_SOURCE, sold) for sold in ordered[:MOST_SOURCES]]
    return _shares([*shown, *((OTHERS, sold) for sold in others.values())])


def _shares(named: Sequence[tuple[str, Sold]]) -> list[Share]:
    most = max((sold.tickets for _, sold in named), default=0)
    return [
        Share(
            name,
            sold.tickets,
            say_number(sold.currency)(sold.revenue),
            round(100 * sold.tickets / most, 1) if most else 0.0,
        )
        for name, sold in named
    ]
