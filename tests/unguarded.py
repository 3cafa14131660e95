"""The site without the guards of bookings/services, for Gunicorn: it shows what they prevent.

Every scarce row is read, computed and written back, and rows are locked in an order of chance. The
constraints of the database must be dropped as well.
"""

import random

import gevent

# Django must be set up before models are imported.
from eventmate.wsgi import application

# isort: split
from bookings.exceptions import Refusal, refusal
from bookings.models import PromoCode
from bookings.services import holding, inventory, writing
from events.models import TicketStock

__all__ = ["application"]

PAUSE = 0.02


def claim(ticket_type_id: int, quantity: int) -> bool:
    stock = TicketStock.objects.get(pk=ticket_type_id)
    gevent.sleep(PAUSE)
    if stock.left < quantity:
        return False
    stock.taken += quantity
    stock.save()
    return True


def claim_places(quantities: inventory.Quantities) -> None:
    order = list(quantities.items())
    random.shuffle(order)
    for ticket_type_id, quantity in order:
        if not claim(ticket_type_id, quantity):
            raise inventory.TooFewLeft


def claim_use(promo_code: PromoCode) -> None:
    promo_code = PromoCode.objects.get(pk=promo_code.pk)
    gevent.sleep(PAUSE)
    if promo_code.max_uses is not None and promo_code.uses >= promo_code.max_uses:
        raise refusal(Refusal.PROMO_CODE_USED_UP, "This promo code has been used up.")
    promo_code.uses += 1
    promo_code.save()


holding.claim_places = claim_places
writing.claim_use = claim_use
