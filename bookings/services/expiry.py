"""Releasing holds that have run out."""

import logging
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef

from bookings.actors import SYSTEM
from bookings.models import Booking, Ticket
from bookings.services.changes import expire
from bookings.services.releasing import release

BATCH_SIZE = 500

logger = logging.getLogger(__name__)


def release_overdue_holds(*, ticket_type_ids: Collection[int] | None = None) -> int:
    """Expire holds that have run out, of these ticket types or of all, and free their places.

    Returns how many. The sweeper, which names no ticket types, leaves holds that another
    transaction works on to that one. A buyer who needs the places waits for it instead, so that
    they are free, or gone, when this returns.
    """
    released = 0
    while batch := _release_batch(ticket_type_ids):
        released += batch
    if released:
        logger.info("released %s overdue holds", released)
    return released


def _release_batch(ticket_type_ids: Collection[int] | None) -> int:
    with transaction.atomic():
        overdue = Booking.objects.overdue().order_by("pk")
        is_sweep = ticket_type_ids is None
        if ticket_type_ids is not None:
            overdue = overdue.filter(
                Exists(
                    Ticket.objects.filter(booking=OuterRef("pk"), ticket_type__in=ticket_type_ids)
                )
            )
        bookings = list(
            overdue.select_for_update(skip_locked=is_sweep, of=("self",)).prefetch_related(
                "tickets"
            )[:BATCH_SIZE]
        )
        if bookings:
            expire(bookings, by=SYSTEM)
            release(bookings)
    return len(bookings)
