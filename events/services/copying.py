"""What belongs to an event, once more for copies of it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from events.images.preparing import queue_sizes
from events.localtime import to_wall_clock
from events.models import (
    Event,
    EventImage,
    EventStatus,
    SharedCapacity,
    TicketStock,
    TicketType,
)
from events.services.shared_capacities import copy_shared_capacities

NOT_COPIED = {"slug", "status", "is_scheduled"}
COPIED = [
    field.attname
    for field in Event._meta.concrete_fields
    if field.editable and not field.primary_key and field.name not in NOT_COPIED
]
COPIED_OF_TICKETS = (
    *("name", "description", "price", "currency", "min_per_booking", "max_per_booking"),
    *("is_hidden", "position"),
)
COPIED_OF_IMAGES = ("alt_text", "width", "height", "position", "digest", "state", "widths")

Instant = dt.datetime | None


@dataclass(frozen=True, slots=True)
class Copy:
    """A stored copy, which is ``days`` later than its original; its ticket types by the ids of
    those that they were copied from.
    """

    event: Event
    days: dt.timedelta
    zone_name: str
    ticket_types: dict[int, TicketType] = field(default_factory=dict)

    def window(self, start: Instant, end: Instant) -> tuple[Instant, Instant]:
        """A time of sale of the original as it is for the copy: as many days later, on the clock
        of the place.
        """
        new_start = moved_by_days(start, self.days, self.zone_name)
        new_end = moved_by_days(end, self.days, self.zone_name)
        if start and end and new_start and new_end and new_end <= new_start:
            new_end = new_start + (end - start)  # a clock change fell into a short window
        return new_start, new_end


def moved_by_days(instant: Instant, days: dt.timedelta, zone_name: str) -> Instant:
    if instant is None:
        return None
    wall_clock, _ = to_wall_clock(instant, zone_name)
    return (wall_clock + days).replace(tzinfo=ZoneInfo(zone_name)).astimezone(dt.UTC)


def copy_of(event: Event) -> Event:
    """A draft that is not stored yet, the same but for its address and state."""
    return Event(**{name: getattr(event, name) for name in COPIED}, status=EventStatus.DRAFT)


def copy_set_up(*, event: Event, copies: Sequence[Event], is_series: bool = False) -> list[Copy]:
    """Give stored copies, which have their times, the ticket types of ``event``, of which nothing
    is taken, and its pictures. Where tickets are sold for a while only, that moves by as many days
    as the start. In the transaction that is open.
    """
    first_day = event.schedule.first_day
    made = [
        Copy(
            event=copy,
            days=copy.schedule.first_day - first_day if event.is_scheduled else dt.timedelta(),
            zone_name=event.timezone,
        )
        for copy in copies
    ]
    copy_ticket_types(
        originals=event.ticket_types.with_stock().filter(stock__isnull=False),
        copies=made,
        shared=copy_shared_capacities(source=event, targets=copies),
        is_series=is_series,
    )
    _copy_images(event, made)
    return made


def copy_ticket_types(
    *,
    originals: Iterable[TicketType],
    copies: Sequence[Copy],
    shared: Mapping[tuple[int, int | None], SharedCapacity],
    is_series: bool = False,
) -> None:
    """Give each of the copies these tickets. What they share is ``shared``, by the ids of the copy
    and of the original's. In the transaction that is open.
    """
    made = []
    for original in originals:
        for copy in copies:
            sales_start, sales_end = copy.window(original.sales_start, original.sales_end)
            new = TicketType(
                event=copy.event,
                sales_start=sales_start,
                sales_end=sales_end,
                series_key=original.series_key if is_series else None,
                **{name: getattr(original, name) for name in COPIED_OF_TICKETS},
            )
            stock = TicketStock(
                capacity=original.stock.capacity,
                shared_capacity=shared.get((copy.event.pk, original.stock.shared_capacity_id)),
            )
            copy.ticket_types[original.pk] = new
            made.append((new, stock))
    TicketType.objects.bulk_create([ticket_type for ticket_type, _ in made])
    for ticket_type, stock in made:
        stock.ticket_type = ticket_type
    TicketStock.objects.bulk_create([stock for _, stock in made])


def _copy_images(event: Event, copies: list[Copy]) -> None:
    """With the same files, which stay while one picture has them (images/preparing.py). The lock
    is against their removal at the same moment.
    """
    originals = list(event.images.order_by("pk").select_for_update())
    images = [
        EventImage(
            event=copy.event,
            image=original.image.name,
            **{name: getattr(original, name) for name in COPIED_OF_IMAGES},
        )
        for original in originals
        for copy in copies
    ]
    EventImage.objects.bulk_create(images)
    # The sizes of one are those of all; the job of the original may just have run.
    queue_sizes([image for image in images[:: len(copies) or 1] if image.is_queued])
