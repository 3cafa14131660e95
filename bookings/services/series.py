"""Series: making them, and more dates of one or fewer, with all that belongs to each date."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from bookings.series import asked_for_in
from bookings.services.copying import add_questions_and_codes
from events.exceptions import EventError, EventRefusal
from events.models import Event, EventSeries
from events.services.series import (
    Slot,
    add_dates,
    forget_series_without_dates,
    last_day_of,
    lock_event,
    start_series,
)


def repeat_event(
    *,
    key: uuid.UUID,
    event: Event,
    rule: str,
    slots: Sequence[Slot],
    left_out: Sequence[dt.date] = (),
    is_public: bool = False,
) -> EventSeries:
    """Make a series of an event, its first date, and of a new event for each of the ``slots``, all
    or none. The ``key`` is that of a form: sent again, it makes nothing more.

    Raises EventError: IN_A_SERIES, or NOT_SCHEDULED.
    """
    own_key = uuid.uuid5(key, f"series:{event.pk}")

    def repeat() -> EventSeries:
        locked = lock_event(event)
        series, is_new = start_series(key=own_key, event=locked, rule=rule, left_out=left_out)
        if is_new:
            _add(locked, slots, is_public=is_public)
        return series

    return _in_one_transaction(repeat)


def extend_series(
    *,
    event: Event,
    last_day: dt.date,
    slots: Sequence[Slot],
    left_out: Sequence[dt.date] = (),
    is_public: bool = False,
) -> EventSeries:
    """More dates of the event's series, as the event is. ``last_day`` is the last one that someone
    saw. Where the very same were made since, as a form was sent twice, nothing is done.

    Raises EventError: SERIES_CHANGED where others were; IN_NO_SERIES.
    """

    def extend() -> EventSeries:
        locked = lock_event(event)
        if locked.series_id is None:
            raise EventError(EventRefusal.IN_NO_SERIES, "It is no date of a series any more.")
        series = EventSeries.objects.select_for_update().get(pk=locked.series_id)
        if last_day_of(series) != last_day:
            later = series.events.filter(series_day__gt=last_day).order_by("series_day")
            if [slot.day for slot in slots] == list(later.values_list("series_day", flat=True)):
                return series
            raise EventError(
                EventRefusal.SERIES_CHANGED,
                "The series has other dates by now, so nothing was added. See them and try again.",
            )
        series.left_out = [*series.left_out, *left_out]
        series.save(update_fields=["left_out"])
        _add(locked, slots, is_public=is_public)
        return series

    return _in_one_transaction(extend)


def _add(event: Event, slots: Sequence[Slot], *, is_public: bool) -> None:
    copies = add_dates(event=event, slots=slots, is_public=is_public and event.is_published)
    add_questions_and_codes(event=event, copies=copies)


def _in_one_transaction(make: Callable[[], EventSeries], attempts: int = 3) -> EventSeries:
    """Where someone takes one of the addresses at the same moment, once more with others."""
    try:
        with transaction.atomic():
            return make()
    except IntegrityError as error:
        if attempts == 1 or "event_slug_unique" not in str(error):
            raise
    return _in_one_transaction(make, attempts - 1)


def remove_dates(*, event: Event, chosen: Collection[int]) -> int:
    """Delete these dates of the event's series, by their ids, and with the last one the series. The
    past stays. All or nothing; returns how many.

    Raises EventError: HAS_BOOKINGS, with the dates that people have booked, or wait for.
    """
    with transaction.atomic():
        dates = Event.objects.dates_of(event).filter(pk__in=chosen, starts_at__gt=timezone.now())
        # Against bookings that are just being made: those lock the event's key.
        locked = list(dates.select_for_update(of=("self",)))
        asked_for = asked_for_in(date.pk for date in locked)
        if asked_for:
            named = ", ".join(date.schedule.dates for date in locked if date.pk in asked_for)
            raise EventError(
                EventRefusal.HAS_BOOKINGS,
                "Nothing was deleted, as these have bookings, old ones included, or people who"
                f" wait: {named}. They can be cancelled.",
            )
        Event.objects.filter(pk__in=[date.pk for date in locked]).delete()
        forget_series_without_dates(series_id=event.series_id)
    return len(locked)
