"""People who wait for places of ticket types that are sold out."""

import random

from bookings.demo.people import Population
from bookings.demo.programme import Production
from bookings.demo.tickets import Offer
from bookings.models import WaitlistEntry
from events.models import SaleState

LONGEST = 6


def make_lines(
    rng: random.Random, population: Population, production: Production, offers: list[Offer]
) -> list[WaitlistEntry]:
    if not production.event.is_published:
        return []
    return [
        entry
        for offer in offers
        if not offer.ticket_type.is_hidden and _is_sold_out(offer)
        for entry in _line(rng, population, production, offer)
    ]


def _is_sold_out(offer: Offer) -> bool:
    offer.ticket_type.stock = offer.stock
    return offer.ticket_type.sale_state is SaleState.SOLD_OUT


def _line(
    rng: random.Random, population: Population, production: Production, offer: Offer
) -> list[WaitlistEntry]:
    people = [population.person(production.place.code) for _ in range(rng.randint(0, LONGEST))]
    addresses = {population.address(person): person.name for person in people}
    offer.stock.waiting = len(addresses)
    return [
        WaitlistEntry(
            ticket_type=offer.ticket_type,
            name=name,
            email=address,
            quantity=rng.randint(offer.tier.least, min(offer.tier.least + 1, offer.tier.most)),
        )
        for address, name in addresses.items()
    ]
