"""How well the demo's events sell, and which of them are drafts or cancelled."""

import datetime as dt
import enum
import random

from bookings.demo.programme import Production
from bookings.demo.tickets import Offer
from events.models import EventStatus

SOLD_OUT_SHARE = 0.08
NEARLY_SHARE = 0.1
CANCELLED_SHARE = 0.03
DRAFT_SHARE = 0.02


class Fate(enum.Enum):
    USUAL = enum.auto()
    NEARLY = enum.auto()
    SOLD_OUT = enum.auto()


def decide_fates(rng: random.Random, productions: list[Production]) -> list[Fate]:
    """One for each; drafts and cancelled events are marked as such. The demo's host has a draft."""
    order = rng.sample(range(len(productions)), len(productions))
    order.sort(key=lambda number: not productions[number].publisher.demo)
    drafts, rest = order[:1], rng.sample(order[1:], len(order) - 1)
    drafts += _cut(rest, round(len(order) * DRAFT_SHARE) - 1)
    for number in drafts:
        productions[number].event.status = EventStatus.DRAFT
    for number in _cut(rest, max(round(len(order) * CANCELLED_SHARE), 1)):
        productions[number].event.status = EventStatus.CANCELLED
    fates = [Fate.USUAL] * len(productions)
    for fate, share in ((Fate.SOLD_OUT, SOLD_OUT_SHARE), (Fate.NEARLY, NEARLY_SHARE)):
        for number in _cut(rest, max(round(len(order) * share), 1)):
            fates[number] = fate
    return fates


def set_goals(
    rng: random.Random, offers: list[Offer], fate: Fate, now: dt.datetime
) -> dict[int, int]:
    """How many places of each offer are to be sold, by position."""
    fill = min(rng.betavariate(2, 2.2), 0.95)
    goals = {offer.ticket_type.position: _goal(rng, offer, fill, fate, now) for offer in offers}
    if fate is Fate.NEARLY:
        regular = max(
            (offer for offer in offers if offer.tier.least == 1 and not offer.tier.sale),
            key=lambda offer: offer.stock.capacity,
        )
        position, left = regular.ticket_type.position, rng.randint(1, 4)
        goals[position] = max(goals[position] - left, 0)
    return goals


def _goal(rng: random.Random, offer: Offer, fill: float, fate: Fate, now: dt.datetime) -> int:
    capacity = offer.stock.capacity
    start = offer.ticket_type.sales_start
    if start is not None and start > now:
        return 0
    if fate is not Fate.USUAL:
        return 0 if offer.ticket_type.is_hidden else capacity
    if offer.tier.sale == "early" and rng.random() < 0.5:
        return capacity
    return min(round(capacity * fill * rng.uniform(0.6, 1.15)), capacity)


def _cut(numbers: list[int], count: int) -> list[int]:
    """Take so many from the end."""
    return [numbers.pop() for _ in range(min(max(count, 0), len(numbers)))]
