"""Series: events that are dates of each other."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Func, Max, UUIDField
from django.utils.text import slugify
from text_unidecode import unidecode

from events.exceptions import EventError, EventRefusal
from events.models import Event, EventSeries, EventStatus
from events.readiness import checklist_of
from events.services.copying import Copy, copy_of, copy_set_up
from events.services.publishing import publish_event
from events.wall_times import WallTimes

LONGEST_SLUG = 180  # leaves room in Event.slug for the day and a number


@dataclass(frozen=True, slots=True)
class Slot:
    """One date: the day of the rule, and when the event takes place then."""

    day: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime


def start_series(
    *, key: uuid.UUID, event: Event, rule: str, left_out: Sequence[dt.date]
) -> tuple[EventSeries, bool]:
    """The series whose first date the event is from now on, and whether it is new: with the
    ``key`` of a form that was sent before, it is the one that was made then. In the transaction
    that is open, with the event locked.

    Raises EventError: IN_A_SERIES; NOT_SCHEDULED for a draft that has no times yet.
    """
    if event.series is not None:
        if event.series.key == key:
            return event.series, False
        raise EventError(EventRefusal.IN_A_SERIES, "It is a date of a series already.")
    if not event.is_scheduled:
        raise EventError(EventRefusal.NOT_SCHEDULED, "It has no date yet.")
    times = WallTimes.of(event)
    series = EventSeries.objects.create(
        key=key,
        host_id=event.host_id,
        rule=rule,
        first_day=times.starts.date(),
        first_time=None if event.is_all_day else times.starts.time(),
        timezone=event.timezone,
        left_out=list(left_out),
    )
    Event.objects.filter(pk=event.pk).update(series=series, series_day=series.first_day)
    event.series, event.series_day = series, series.first_day
    return series, True


def lock_event(event: Event) -> Event:
    """The event as it is now; others who change it wait. Bookings do not. Its series is no part of
    the query: that would be as it was before the wait.
    """
    return Event.objects.select_for_update(no_key=True).get(pk=event.pk)


def last_day_of(series: EventSeries) -> dt.date:
    last: dt.date | None = series.events.aggregate(last=Max("series_day"))["last"]
    return last or series.first_day


def add_dates(*, event: Event, slots: Sequence[Slot], is_public: bool) -> list[Copy]:
    """Dates of the event's series that are as the event is: its texts, its place, its tickets, of
    which nothing is taken, its pictures. In the transaction that is open.
    """
    _mark_ticket_types(event)
    bases = _slugs(event, slots)
    dates = []
    for slot, slug in zip(slots, bases, strict=True):
        date = copy_of(event)
        date.slug = slug
        date.starts_at, date.ends_at = slot.starts_at, slot.ends_at
        date.series_id, date.series_day = event.series_id, slot.day
        date.status = EventStatus.PUBLISHED if is_public else EventStatus.DRAFT
        dates.append(date)
    return copy_set_up(event=event, copies=Event.objects.bulk_create(dates), is_series=True)


def _mark_ticket_types(event: Event) -> None:
    """So that later changes find the same ticket on other dates."""
    new_key = Func(function="gen_random_uuid", output_field=UUIDField())
    event.ticket_types.filter(series_key=None).update(series_key=new_key)


def _slugs(event: Event, slots: Sequence[Slot]) -> list[str]:
    base = slugify(unidecode(event.title))[:LONGEST_SLUG].strip("-") or "event"
    taken = set(Event.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slugs = []
    for slot in slots:
        slug, number = f"{base}-{slot.day}", 1
        while slug in taken:
            number += 1
            slug = f"{base}-{slot.day}-{number}"
        slugs.append(slug)
    return slugs


def forget_series_without_dates(*, series_id: int | None) -> None:
    """Once its last date was deleted."""
    if series_id is not None:
        EventSeries.objects.filter(pk=series_id, events=None).delete()


def publish_dates(*, event: Event) -> tuple[list[Event], list[Event]]:
    """Publish all drafts of the event's series that lack nothing. Returns those that were
    published, and those that were not.
    """
    published, left = [], []
    with transaction.atomic():
        drafts = Event.objects.dates_of(event).filter(status=EventStatus.DRAFT)
        for date in drafts.select_related("city"):
            if checklist_of(date).is_ready:
                published.append(publish_event(event=date))
            else:
                left.append(date)
    return published, left
