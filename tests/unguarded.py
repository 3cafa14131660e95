"""The site without the guards of bookings/services, for Gunicorn: it shows what they prevent.

Every scarce row is read, computed and written back, and every second request locks its rows in the
opposite order. Where that can go wrong, the first two requests meet, so that it does on every
machine: the site must run in one worker. The constraints of the database must be dropped as well.
"""

import itertools
import threading
from collections import defaultdict
from contextlib import suppress

# Django must be set up before models are imported.
from eventmate.wsgi import application

# isort: split
from bookings.exceptions import Refusal, refusal
from bookings.models import PromoCode
from bookings.services import holding, inventory, writing
from events.models import TicketStock

__all__ = ["application"]

PATIENCE = 5.0
turns = itertools.count()
meetings: defaultdict[tuple[object, ...], threading.Barrier] = defaultdict(
    lambda: threading.Barrier(2, timeout=PATIENCE)
)


def meet(*point: object) -> None:
    """Let the first two who come to a point go on together; whoever comes later does not wait."""
    with suppress(threading.BrokenBarrierError):
        meetings[point].wait()
        meetings[point].abort()


def claim(ticket_type_id: int, quantity: int, *, is_only: bool) -> bool:
    stock = TicketStock.objects.get(pk=ticket_type_id)
    if is_only:
        meet("have read", ticket_type_id)
    if stock.left < quantity:
        return False
    stock.taken += quantity
    stock.save()
    return True


def claim_places(quantities: inventory.Quantities) -> None:
    order = sorted(quantities.items(), reverse=next(turns) % 2 == 1)
    for number, (ticket_type_id, quantity) in enumerate(order):
        if number:
            meet("have locked one", *sorted(quantities))
        if not claim(ticket_type_id, quantity, is_only=len(order) == 1):
            raise inventory.TooFewLeft


def claim_use(promo_code: PromoCode) -> None:
    promo_code = PromoCode.objects.get(pk=promo_code.pk)
    meet("have read", promo_code)
    if promo_code.max_uses is not None and promo_code.uses >= promo_code.max_uses:
        raise refusal(Refusal.PROMO_CODE_USED_UP, "This promo code has been used up.")
    promo_code.uses += 1
    promo_code.save()


holding.claim_places = claim_places
writing.claim_use = claim_use
