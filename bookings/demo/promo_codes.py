"""Promo codes of the demo: one that unlocks hidden tickets, and now and then a discount."""

import random
from decimal import Decimal

from django.db import models

from bookings.demo.programme import Production
from bookings.demo.tickets import Offer
from bookings.models import DiscountKind, PromoCode

UNLOCKING = "FRIENDS"
DISCOUNT = "EARLY20"
SHARE_WITH_DISCOUNT = 0.15


def make_promo_codes(
    rng: random.Random, production: Production, offers: list[Offer]
) -> tuple[list[PromoCode], list[models.Model]]:
    """The codes, and the rows that say which tickets they are for."""
    codes: list[PromoCode] = []
    named: list[models.Model] = []
    if hidden := [offer.ticket_type for offer in offers if offer.ticket_type.is_hidden]:
        code = PromoCode(event=production.event, code=UNLOCKING, kind=DiscountKind.NONE)
        codes.append(code)
        through = PromoCode.ticket_types.through
        named += [through(promocode=code, tickettype=ticket_type) for ticket_type in hidden]
    has_paid = any(offer.ticket_type.price for offer in offers)
    if has_paid and rng.random() < SHARE_WITH_DISCOUNT:
        codes.append(
            PromoCode(event=production.event, code=DISCOUNT, value=Decimal(20), max_uses=50)
        )
    return codes, named
