"""The events that the stories are about.

Runs beside the live site, in `manage.py shell`: a test through a browser has no database.
"""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from bookings.models import DiscountKind, PromoCode
from bookings.services.series import repeat_event
from events.models import Event, EventStatus, TicketType
from events.services.series import Slot
from events.wall_times import WallTimes
from tests.factories import BookingFactory, EventFactory, TicketTypeFactory


def stage_event(slug: str, **more: Any) -> Event:
    """Under names of its own, with the host's owner at ``host-of-<slug>@example.com``."""
    title = slug.replace("-", " ").title()
    event: Event = EventFactory(
        slug=slug,
        title=title,
        category__slug=slug,
        category__name=title,
        city__slug=slug,
        city__name=title,
        host__slug=slug,
        host__name=title,
        host__owner__email=f"host-of-{slug}@example.com",
        **more,
    )
    return event


def with_promo_code(slug: str, **more: Any) -> TicketType:
    """Standing for 20 euros, Backstage behind the code FRIENDS, which takes a quarter off both."""
    standing: TicketType = TicketTypeFactory(
        event=stage_event(slug, **more), name="Standing", price=Decimal(20)
    )
    backstage: TicketType = TicketTypeFactory(
        event=standing.event, name="Backstage", price=Decimal(40), is_hidden=True
    )
    code = PromoCode.objects.create(
        event=standing.event, code="FRIENDS", kind=DiscountKind.PERCENT, value=25
    )
    code.ticket_types.set([standing, backstage])
    return standing


def with_dates(event: Event, count: int = 3) -> Event:
    """Every week, with a date that has another title and one that is a draft."""
    days = [event.schedule.first_day + dt.timedelta(weeks=week) for week in range(1, count)]
    slots = [Slot(day, *WallTimes.of(event).on(day).instants()) for day in days]
    rule = f"FREQ=WEEKLY;COUNT={count}"
    repeat_event(key=uuid.uuid4(), event=event, rule=rule, slots=slots, is_public=True)
    dates = Event.objects.filter(series__events=event)
    dates.filter(series_day=days[0]).update(title=f"{event.title}, and a guest from far away")
    dates.filter(series_day=days[-1]).update(status=EventStatus.DRAFT)
    event.refresh_from_db()
    return event


def with_one_seat(slug: str) -> TicketType:
    seat: TicketType = TicketTypeFactory(event=stage_event(slug), name="Seat", capacity=1)
    return seat


def with_buyers(slug: str, *names: str) -> TicketType:
    """Each with a confirmed booking of one place, at ``<name>@<slug>.example.com``."""
    place: TicketType = TicketTypeFactory(event=stage_event(slug), name="Place")
    for name in names:
        BookingFactory(
            event=place.event,
            name=name,
            email=f"{name.split()[0].lower()}@{slug}.example.com",
            tickets=[place],
        )
    return place
