"""What tickets generated events have."""

import enum
import random
from dataclasses import dataclass

from events.generating.pools import SIZE

PRICES = (
    *(5, 6, 7, 8, 8.5, 10, 10, 10, 12, 12, 12.5, 14, 15, 15, 15, 16, 18, 20, 20, 20, 22, 24, 25),
    *(25, 28, 29, 30, 30, 35, 39, 40, 45, 49, 55, 60, 75, 80, 90, 99, 120, 149, 150),
)
CAPACITIES = (8, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 300, 500, 1000)
SOLD_OUT_SHARE = 0.07
MOST_TICKETS = 3


class Sale(enum.IntEnum):
    """When tickets are sold, by days before the event."""

    ALWAYS = 0
    UNTIL_DAY_BEFORE = 1
    LAST_MONTH = 2
    EARLY = 3


@dataclass(frozen=True, slots=True)
class Ticket:
    """``cells`` are name, description, price and currency; ``last_cells`` the least and most a
    booking, whether it is hidden, and its position.
    """

    cells: str
    sale: Sale
    last_cells: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Offer:
    tickets: tuple[Ticket, ...]
    is_paid_at_door: bool


def offers(rng: random.Random) -> list[Offer]:
    return [_free(rng) if rng.random() < 0.3 else _paid(rng) for _ in range(SIZE)]


def _free(rng: random.Random) -> Offer:
    capacity = _capacity(rng)
    tickets = [_ticket("Free ticket", 0, capacity)]
    if rng.random() < 0.2:
        tickets.append(_ticket("With donation", 10, capacity, position=1))
    return Offer(tuple(tickets), rng.random() < 0.8)


def _paid(rng: random.Random) -> Offer:
    price = rng.choice(PRICES)
    capacity = _capacity(rng)
    sale = rng.choices((Sale.ALWAYS, Sale.UNTIL_DAY_BEFORE, Sale.LAST_MONTH), (70, 22, 8))[0]
    tickets = [_ticket("Standard", price, capacity, sale=sale)]
    if rng.random() < 0.3:
        tickets.append(_ticket("Reduced", max(5, price * 0.6), capacity // 2, position=1))
    if rng.random() < 0.15:
        early = _ticket("Early bird", max(5, price * 0.8), capacity // 4, 2, sale=Sale.EARLY)
        tickets.append(early)
    elif rng.random() < 0.1:
        tickets.append(_ticket("Crew", 0, 10, 3, is_hidden=True))
    return Offer(tuple(tickets), rng.random() < 0.85)


def _capacity(rng: random.Random) -> int:
    """Nothing at all where it is to be sold out: a place that is taken has a booking."""
    return 0 if rng.random() < SOLD_OUT_SHARE else rng.choice(CAPACITIES)


def _ticket(
    name: str,
    price: float,
    capacity: int,
    position: int = 0,
    *,
    sale: Sale = Sale.ALWAYS,
    is_hidden: bool = False,
) -> Ticket:
    return Ticket(
        cells=f"{name}\t\t{price:.2f}\tEUR",
        sale=sale,
        last_cells=f"1\t10\t{'t' if is_hidden else 'f'}\t{position}",
        capacity=capacity,
    )
