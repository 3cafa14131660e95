"""Giving back all that bookings took, once they ended: to those who wait, then to everyone."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from bookings.models import Booking
from bookings.services.inventory import give_back_places, places_of
from bookings.services.promo_codes import give_back_uses
from bookings.services.waitlist import offer_some_places


def release(bookings: Sequence[Booking]) -> None:
    """Inside the caller's transaction, which has set the status of the bookings.

    Those who wait are offered the places once it is committed, as that takes a transaction of its
    own. Where it fails, bookings.tasks tries again within a minute; until then the line keeps
    others from the places.
    """
    places = places_of(bookings)
    give_back_uses(bookings)
    give_back_places(places)
    transaction.on_commit(partial(offer_some_places, ticket_type_ids=sorted(places)), robust=True)
