"""Changing the dates of a series after one that was changed: in what was changed, and no more."""

import copy
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from events.exceptions import EventError, EventRefusal
from events.localtime import AmbiguousLocalTime, LocalTimeError, Occurrence
from events.models import Event
from events.querysets import EventQuerySet
from events.wall_times import WallTimes, why_not


class DateImpossibleError(EventError):
    """A date of a series cannot be so. Where a time comes twice, someone can say which is meant."""

    def __init__(self, message: str, *, is_question: bool = False) -> None:
        super().__init__(EventRefusal.DATE_IMPOSSIBLE, message)
        self.is_question = is_question


@dataclass(frozen=True, slots=True)
class Changed:
    """A date before and after."""

    before: Event
    event: Event


def change_following(
    *,
    event: Event,
    values: Mapping[str, Any],
    times: tuple[WallTimes, WallTimes] | None = None,
    occurrence: Occurrence | None = None,
) -> list[Changed]:
    """Give the dates after the event these values of its columns. ``times`` are its own before and
    after: each of the others is moved by as much, on the clock of its place; ``occurrence`` says
    which of two equal times is meant. All or nothing.

    Raises DateImpossibleError, with the date, where clocks never show a time, or show it twice.
    """
    with transaction.atomic():
        dates = list(_lock(event))
        changed = [Changed(copy.copy(date), date) for date in dates]
        for date in dates:
            for name, value in values.items():
                setattr(date, name, value)
            if times:
                _move(date, *times, occurrence)
            date.updated_at = timezone.now()
        names = {*values, "updated_at"}
        if times:
            names |= {"starts_at", "ends_at", "timezone", "is_all_day"}
        Event.objects.bulk_update(dates, names)
    return changed


def _lock(event: Event) -> EventQuerySet:
    dates = Event.objects.following(event).select_related("city")
    return dates.select_for_update(no_key=True, of=("self",)).order_by("pk")


def _move(date: Event, before: WallTimes, after: WallTimes, occurrence: Occurrence | None) -> None:
    """An end that stays the same on the same clock stays the very instant that it was."""
    own = WallTimes.of(date)
    new = own.moved_as(before, after)
    if new == own:
        return
    try:
        starts_at, ends_at = new.instants(occurrence)
    except LocalTimeError as error:
        is_question = isinstance(error, AmbiguousLocalTime)
        text = f"{_called(date)}: {why_not(error)}"
        raise DateImpossibleError(text, is_question=is_question) from error
    is_same_clock = (new.timezone, new.is_all_day) == (own.timezone, own.is_all_day)
    date.starts_at = _kept(is_same_clock and new.starts == own.starts, date.starts_at, starts_at)
    date.ends_at = _kept(is_same_clock and new.ends == own.ends, date.ends_at, ends_at)
    date.timezone, date.is_all_day = new.timezone, new.is_all_day
    if date.ends_at <= date.starts_at:
        raise DateImpossibleError(f"{_called(date)}: its end would come before its start.")


def _kept(is_same: bool, old: dt.datetime, new: dt.datetime) -> dt.datetime:
    return old if is_same else new


def _called(date: Event) -> str:
    return date.schedule.dates
