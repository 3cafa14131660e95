"""Releasing holds that have run out."""

import logging
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from bookings.actors import SYSTEM
from bookings.models import Booking, Ticket
from bookings.services.changes import expire
from bookings.services.releasing import release

BATCH_SIZE = 500

logger = logging.getLogger(__name__)


class _CannotBeReleased(Exception):
    def __init__(self, bookings: list[Booking]) -> None:
        super().__init__(bookings)
        self.bookings = bookings


def release_overdue_holds(*, ticket_type_ids: Collection[int] | None = None) -> int:
    """Expire holds that have run out, of all ticket types or of these and those that share places
    with them, and free their places.

    Returns how many. The sweeper, which names no ticket types, leaves holds that another
    transaction works on to that one. A buyer who needs the places waits for it instead, so that
    they are free, or gone, when this returns. A hold whose places are more than are counted as
    taken is named in the log and stays: manage.py verify_inventory --repair mends the counter.
    """
    released, size, broken = 0, BATCH_SIZE, set[int]()
    while True:
        try:
            batch = _release_batch(ticket_type_ids, besides=broken, size=size)
        except _CannotBeReleased as error:
            if len(error.bookings) == 1:
                broken.add(error.bookings[0].pk)
                logger.exception("hold %s cannot be released", error.bookings[0])
            size = 1  # to find which of them it is
            continue
        if not batch:
            break
        released += batch
    if released:
        logger.info("released %s overdue holds", released)
    return released


def _release_batch(
    ticket_type_ids: Collection[int] | None, *, besides: Collection[int], size: int
) -> int:
    overdue = Booking.objects.overdue().exclude(pk__in=besides).order_by("pk")
    is_sweep = ticket_type_ids is None
    if ticket_type_ids is not None:
        tickets = Ticket.objects.filter(booking=OuterRef("pk"))
        sharing = tickets.filter(ticket_type__stock__shared_capacity__stocks__in=ticket_type_ids)
        # Two conditions, not one on the tickets of all of them: PostgreSQL then begins with the
        # holds that ran out, which are few, however many tickets there are.
        overdue = overdue.filter(
            Exists(tickets.filter(ticket_type__in=ticket_type_ids)) | Exists(sharing)
        )
    bookings: list[Booking] = []
    try:
        with transaction.atomic():
            locked = overdue.select_for_update(skip_locked=is_sweep, of=("self",))
            bookings += locked.prefetch_related("tickets")[:size]
            if bookings:
                expire(bookings, by=SYSTEM)
                release(bookings)
    except IntegrityError as error:
        raise _CannotBeReleased(bookings) from error
    return len(bookings)
