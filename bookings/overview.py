"""What hosts see of all their events at a glance."""

import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from bookings.figures.reading import read_revenue
from bookings.models import BookingStatus, Message, Ticket
from eventmate.kept_queries import IsOneOf, KeptQuery, Parameter
from events.models import Event, EventStatus, Host, HostRole
from events.querysets import EventQuerySet


class Section(enum.StrEnum):
    UPCOMING = "upcoming"
    DRAFT = "draft"
    PAST = "past"
    CANCELLED = "cancelled"


# As HostQuerySet.with_role_of says it.
MANAGING = ("owner", HostRole.MANAGER)

ORDERS = {
    Section.UPCOMING: ("starts_at", "pk"),
    Section.DRAFT: ("-updated_at", "-pk"),
    Section.PAST: ("-starts_at", "-pk"),
    Section.CANCELLED: ("-starts_at", "-pk"),
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of an event. ``taken`` counts places that are held too; ``revenue`` is what confirmed
    bookings come to, by currency; ``failed_mails`` is in how many bookings a mail failed.
    """

    capacity: int
    taken: int
    held: int
    waiting: int
    failed_mails: int
    revenue: tuple[tuple[str, Decimal], ...]

    @property
    def sold(self) -> int:
        return self.taken - self.held

    @property
    def is_sold_out(self) -> bool:
        return 0 < self.capacity <= self.taken


@dataclass(frozen=True, slots=True)
class HostedEvent:
    """``numbers`` are for owners and managers; door staff see none."""

    event: Event
    host: Host
    numbers: Numbers | None


def events_in(section: Section, events: EventQuerySet) -> EventQuerySet:
    """Those of the section, in its order."""
    return events.filter(_conditions()[section]).order_by(*ORDERS[section])


def count_sections(events: EventQuerySet) -> dict[Section, int]:
    """How many of the events are in each section: one query."""
    conditions = _conditions()
    counts = events.order_by().aggregate(
        **{section: Count("pk", filter=condition) for section, condition in conditions.items()}
    )
    return {section: counts[section] for section in Section}


def with_numbers(events: Iterable[Event], hosts: Mapping[int, Host]) -> list[HostedEvent]:
    """The events with their hosts, by id and with ``role``, and the numbers that the role may see:
    four queries for any number of events.
    """
    events = list(events)
    managed = [event.pk for event in events if hosts[event.host_id].role in MANAGING]
    numbers = _numbers_of(managed)
    return [HostedEvent(event, hosts[event.host_id], numbers.get(event.pk)) for event in events]


def _conditions() -> dict[Section, Q]:
    is_published, now = Q(status=EventStatus.PUBLISHED), timezone.now()
    return {
        Section.UPCOMING: is_published & Q(ends_at__gt=now),
        Section.DRAFT: Q(status=EventStatus.DRAFT),
        Section.PAST: is_published & Q(ends_at__lte=now),
        Section.CANCELLED: Q(status=EventStatus.CANCELLED),
    }


def _places() -> QuerySet[Any, Any]:
    return (
        Event.objects.filter(IsOneOf(F("pk"), Parameter("events")))
        .with_capacity()
        .annotate(waiting=Coalesce(Sum("ticket_types__stock__waiting"), 0))
        .order_by()
        .values_list("pk", "capacity", "places_taken", "waiting")
    )


def _held() -> QuerySet[Any, Any]:
    """Their places, by event."""
    held = Ticket.objects.filter(
        IsOneOf(F("booking__event"), Parameter("events")), booking__status=BookingStatus.PENDING
    )
    return held.order_by().values_list("booking__event").annotate(count=Count("pk"))


def _failed_mails() -> QuerySet[Any, Any]:
    """Bookings that one of failed, by event."""
    failed = Message.objects.unresolved().filter(IsOneOf(F("booking__event"), Parameter("events")))
    counted = failed.order_by().values_list("booking__event")
    return counted.annotate(count=Count("booking", distinct=True))


PLACES: KeptQuery[Any] = KeptQuery(_places)
HELD: KeptQuery[Any] = KeptQuery(_held)
FAILED_MAILS: KeptQuery[Any] = KeptQuery(_failed_mails)


def _numbers_of(event_ids: Collection[int]) -> dict[int, Numbers]:
    if not event_ids:
        return {}
    events = list(event_ids)
    held, failed = dict(HELD.rows(events=events)), dict(FAILED_MAILS.rows(events=events))
    revenue = read_revenue(events)
    return {
        pk: Numbers(
            capacity=capacity,
            taken=taken,
            held=held.get(pk, 0),
            waiting=waiting,
            failed_mails=failed.get(pk, 0),
            revenue=tuple(revenue.get(pk, ())),
        )
        for pk, capacity, taken, waiting in PLACES.rows(events=events)
    }
