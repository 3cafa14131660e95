"""The ticket types of an event, with how many places each has."""

import datetime as dt
import random
from dataclasses import dataclass
from decimal import Decimal

from bookings.demo.corpus import Corpus, Tier
from bookings.demo.prices import money_of
from bookings.demo.programme import Production
from bookings.demo.wording import fill
from events.models import TicketStock, TicketType

FAR_AHEAD = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Offer:
    """A ticket type with its stock and its kind."""

    ticket_type: TicketType
    stock: TicketStock
    tier: Tier


def make_offers(
    corpus: Corpus, rng: random.Random, production: Production, start_of_day: dt.datetime
) -> list[Offer]:
    plan = production.concept.plan
    euros = rng.randint(*plan.price)
    if euros < 3 <= plan.price[1]:
        euros = 0 if rng.random() < 0.7 else 5
    if plan.is_online:
        euros = 0  # there is no door to pay at
    places = rng.randint(*plan.places)
    tiers = corpus.tiers[plan.tickets if euros or plan.is_online or not plan.price[1] else "free"]
    opening = _opening(rng, production, start_of_day)
    offers: list[Offer] = []
    for tier in tiers:
        if rng.random() >= tier.chance:
            continue
        offer = _offer(rng, production, tier, euros, places, opening)
        if _adds_something(offer, offers):
            offer.ticket_type.position = len(offers)
            offers.append(offer)
    return offers


def _opening(
    rng: random.Random, production: Production, start_of_day: dt.datetime
) -> dt.datetime | None:
    """When sales start as a whole; for some events that are far off, only in some weeks."""
    is_far = production.event.starts_at - start_of_day > FAR_AHEAD
    if not is_far or rng.random() > 0.3:
        return None
    return start_of_day + dt.timedelta(days=rng.randint(8, 40), hours=rng.choice((9, 10, 12)))


def _offer(
    rng: random.Random,
    production: Production,
    tier: Tier,
    euros: int,
    places: int,
    opening: dt.datetime | None,
) -> Offer:
    money = money_of(production.place.code)
    capacity = max(round(places * tier.share), 1)
    if tier.least == tier.most:
        capacity += -capacity % tier.least
    ticket_type = TicketType(
        event=production.event,
        name=fill(tier.name, rng=rng),
        description=fill(tier.text, rng=rng),
        price=money.part(money.price(euros), tier.factor),
        currency=money.currency,
        sales_start=opening,
        sales_end=production.event.ends_at - dt.timedelta(hours=3)
        if production.concept.plan.is_long or production.concept.plan.all_day
        else None,
        min_per_booking=tier.least,
        max_per_booking=tier.most,
        is_hidden=tier.sale == "hidden",
    )
    _set_window(rng, ticket_type, tier)
    stock = TicketStock(ticket_type=ticket_type, capacity=max(capacity, tier.least), taken=0)
    return Offer(ticket_type, stock, tier)


def _set_window(rng: random.Random, ticket_type: TicketType, tier: Tier) -> None:
    starts_at = ticket_type.event.starts_at
    if tier.sale == "late" and ticket_type.sales_start is None:
        ticket_type.sales_start = starts_at - dt.timedelta(days=rng.randint(5, 12))
    elif tier.sale == "early":
        end = starts_at - dt.timedelta(days=rng.randint(12, 28))
        if ticket_type.sales_start is None or end > ticket_type.sales_start:
            ticket_type.sales_end = end


def _adds_something(offer: Offer, offers: list[Offer]) -> bool:
    """Not a reduction that rounding has swallowed, nor a second free ticket."""
    if offer.tier.factor == 1 or offer.ticket_type.is_hidden:
        return True
    if offer.ticket_type.price == 0 and offer.tier.factor:
        return False
    return all(
        other.ticket_type.price != offer.ticket_type.price
        or offer.tier.least != other.tier.least
        or offer.ticket_type.price == Decimal(0)
        for other in offers
    )
