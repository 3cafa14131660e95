"""New events: from nothing, or after the pattern of another one."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from events.localtime import to_wall_clock
from events.models import Category, Event, EventStatus, Host, TicketType
from events.services.slugs import event_slug
from events.services.ticket_types import create_ticket_type

ATTEMPTS = 5
# What an event that has no times yet has in their place.
NO_DAY = dt.timedelta(days=28)
NO_DURATION = dt.timedelta(hours=1)
NO_ZONE = "UTC"

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


def create_draft(*, key: uuid.UUID, title: str, category: Category, host: Host) -> Event:
    """A draft without its times. The ``key`` is that of a form: sent again, it makes no other."""
    starts_at = timezone.now() + NO_DAY
    draft = Event(
        title=title,
        category=category,
        host=host,
        timezone=NO_ZONE,
        starts_at=starts_at,
        ends_at=starts_at + NO_DURATION,
        is_scheduled=False,
    )
    with transaction.atomic():
        return _store(draft, key)[0]


def copy_of(event: Event) -> Event:
    """A draft that is not stored yet, the same but for its address and state."""
    return Event(**{name: getattr(event, name) for name in COPIED}, status=EventStatus.DRAFT)


def store_copy(*, key: uuid.UUID, copy: Event, event: Event) -> Event:
    """Store a copy that has got its times, with the ticket types of ``event``, of which nothing is
    taken. Where those are sold for a while only, that moves by as many days as the start.
    """
    before = event.schedule if event.is_scheduled else copy.schedule
    days = copy.schedule.first_day - before.first_day
    with transaction.atomic():
        stored, is_new = _store(copy, key)
        if is_new:
            for ticket_type in event.ticket_types.with_stock().filter(stock__isnull=False):
                new = TicketType(
                    event=stored,
                    sales_start=_moved(ticket_type.sales_start, days, event.timezone),
                    sales_end=_moved(ticket_type.sales_end, days, event.timezone),
                    **{name: getattr(ticket_type, name) for name in COPIED_OF_TICKETS},
                )
                create_ticket_type(ticket_type=new, capacity=ticket_type.stock.capacity)
    return stored


def _store(draft: Event, key: uuid.UUID) -> tuple[Event, bool]:
    """The draft, and whether it is new. Of two with a title that come at once, the second gets
    another slug.
    """
    draft.uid = str(uuid.uuid5(key, f"host:{draft.host_id}"))
    for attempt in range(1, ATTEMPTS + 1):
        if stored := Event.objects.filter(uid=draft.uid).first():
            return stored, False
        draft.slug = event_slug(title=draft.title, event=draft)
        try:
            with transaction.atomic():
                draft.save(force_insert=True)
        except IntegrityError as error:
            if attempt == ATTEMPTS or "_unique" not in str(error):
                raise
        else:
            break
    return draft, True


def _moved(instant: dt.datetime | None, days: dt.timedelta, zone_name: str) -> dt.datetime | None:
    if instant is None:
        return None
    wall_clock, _ = to_wall_clock(instant, zone_name)
    return (wall_clock + days).replace(tzinfo=ZoneInfo(zone_name)).astimezone(dt.UTC)
