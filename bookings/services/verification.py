"""Proving that every counter is what the rows say: places taken, people in line, uses of codes."""

import logging
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from bookings.models import Booking, InventoryCheck, PromoCode, Ticket, WaitlistEntry
from events.models import SharedCapacity, TicketStock

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that is not what the rows say."""

    event: str
    what: str
    counter: str
    stored: int
    actual: int
    limit: int | None
    row: TicketStock | SharedCapacity | PromoCode

    @property
    def is_repairable(self) -> bool:
        """Not where more was sold than there is: a person must decide what to do about it."""
        return self.limit is None or self.actual <= self.limit

    def __str__(self) -> str:
        text = (
            f"{self.event}: {self.what}: {self.counter} is {self.stored}, and the rows say"
            f" {self.actual}"
        )
        return (
            text if self.is_repairable else f"{text}, which is more than the {self.limit} there are"
        )


def verify_inventory(*, repair: bool = False) -> list[Difference]:
    """Recompute every counter from the rows and return those that differ. The result is kept.

    With ``repair`` they are set right, each in a transaction that locks it, and logged; what cannot
    be repaired stays as it is.
    """
    differences = find_differences()
    for difference in differences if repair else ():
        _repair(difference)
    InventoryCheck.objects.create(
        counters=2 * TicketStock.objects.count()
        + SharedCapacity.objects.count()
        + PromoCode.objects.count(),
        differences=len(differences),
        repaired=repair and all(difference.is_repairable for difference in differences),
    )
    return differences


def find_differences() -> list[Difference]:
    """One statement for each table, so that each sees one moment, whatever is sold meanwhile."""
    return [
        *_of_stock(TicketStock.objects.all()),
        *_of_shared(SharedCapacity.objects.all()),
        *_of_promo_codes(PromoCode.objects.all()),
    ]


def _of_stock(stocks: "models.QuerySet[TicketStock]") -> list[Difference]:
    sold = Ticket.objects.filter(
        ticket_type=OuterRef("pk"), booking__status__in=["pending", "confirmed"]
    )
    line = WaitlistEntry.objects.filter(ticket_type=OuterRef("pk"), status="waiting")
    wrong = (
        stocks.annotate(sold=_count(sold, "ticket_type"), in_line=_count(line, "ticket_type"))
        .exclude(taken=F("sold"), waiting=F("in_line"))
        .select_related("ticket_type__event")
        .order_by("pk")
    )
    differences = []
    for row in wrong:
        event, name = row.ticket_type.event.title, row.ticket_type.name
        if row.taken != row.sold:
            differences.append(
                Difference(event, name, "taken", row.taken, row.sold, row.capacity, row)
            )
        if row.waiting != row.in_line:
            differences.append(
                Difference(event, name, "waiting", row.waiting, row.in_line, None, row)
            )
    return differences


def _of_shared(rows: "models.QuerySet[SharedCapacity]") -> list[Difference]:
    sold = Ticket.objects.filter(
        ticket_type__stock__shared_capacity=OuterRef("pk"),
        booking__status__in=["pending", "confirmed"],
    )
    wrong = (
        rows.annotate(sold=_count(sold, "ticket_type__stock__shared_capacity"))
        .exclude(taken=F("sold"))
        .select_related("event")
        .order_by("pk")
    )
    return [
        Difference(row.event.title, row.name, "taken", row.taken, row.sold, row.capacity, row)
        for row in wrong
    ]


def _of_promo_codes(codes: "models.QuerySet[PromoCode]") -> list[Difference]:
    bookings = Booking.objects.holding_places().filter(promo_code=OuterRef("pk"))
    wrong = (
        codes.annotate(used=_count(bookings, "promo_code"))
        .exclude(uses=F("used"))
        .select_related("event")
        .order_by("pk")
    )
    return [
        Difference(
            row.event.title, f"code {row.code}", "uses", row.uses, row.used, row.max_uses, row
        )
        for row in wrong
    ]


def _count(rows: "models.QuerySet[models.Model]", by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def _repair(difference: Difference) -> None:
    with transaction.atomic():
        # Whoever changes the counter now waits, and counts on from what is stored here.
        for current in _locked(difference.row):
            if current.counter != difference.counter:
                continue
            if not current.is_repairable:
                logger.error("not repaired: %s", current)
                continue
            setattr(current.row, current.counter, current.actual)
            current.row.save(update_fields=[current.counter])
            logger.warning("repaired: %s", current)


def _locked(row: TicketStock | SharedCapacity | PromoCode) -> list[Difference]:
    """What differs in a row, which it locks."""
    if isinstance(row, TicketStock):
        stocks = TicketStock.objects.filter(pk=row.pk)
        stocks.select_for_update().get()
        return _of_stock(stocks)
    if isinstance(row, SharedCapacity):
        shared = SharedCapacity.objects.filter(pk=row.pk)
        shared.select_for_update().get()
        return _of_shared(shared)
    codes = PromoCode.objects.filter(pk=row.pk)
    codes.select_for_update().get()
    return _of_promo_codes(codes)
