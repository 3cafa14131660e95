"""Events as iCalendar files."""

import datetime as dt
import re
from collections.abc import Iterable
from functools import lru_cache

import icalendar
from django.utils import timezone
from icalendar.timezone import is_utc

from eventmate.timezones import time_zone
from events.models import Event

PRODUCT = "-//EventMate//EN"
# Of a process: to look for the changes of a clock takes longer than to write an entry.
ZONES_KEPT = 100
# What a text of a calendar must not hold (RFC 5545, 3.3.11), and what some programs take for the
# end of a line.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]+")


def calendar_of(event: Event, url: str) -> bytes:
    """A calendar with this event, whose ``url`` is its page."""
    return calendar_with(entry_of(event, url), event)


def calendar_with(entry: icalendar.Event, event: Event) -> bytes:
    """A calendar with an entry that is on the clock of this event."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    add_zones(calendar, [event])
    calendar.add_component(entry)
    return calendar.to_ical()


def add_zones(calendar: icalendar.Calendar, events: Iterable[Event]) -> None:
    """Add the clock of each zone that the events are in, from the year before the first to the
    year after the last.
    """
    timed = [event for event in events if not event.is_all_day]
    if timed:
        first = max(dt.MINYEAR, min(event.starts_at for event in timed).year - 1)
        last = min(dt.MAXYEAR, max(event.ends_at for event in timed).year + 2)
        for zone in sorted({event.timezone for event in timed}):
            if not is_utc(time_zone(zone)):  # which no calendar has to explain
                calendar.add_component(_zone(zone, first, last))


@lru_cache(maxsize=ZONES_KEPT)
def _zone(name: str, first: int, last: int) -> icalendar.Timezone:
    """With its changes of the clock in these years."""
    return icalendar.Timezone.from_tzid(
        name, first_date=dt.date(first, 1, 1), last_date=dt.date(last, 1, 1)
    )


def entry_of(
    event: Event, url: str, note: str = "", *, stamp: dt.datetime | None = None
) -> icalendar.Event:
    """The event, with a line of text in front of its ``url``. Whole days are dates, others are on
    the clock of the place. ``stamp`` is when this was written, now if not given: of two entries
    with the same SEQUENCE calendars keep the later one.
    """
    entry = icalendar.Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", stamp or timezone.now())
    entry.add("last-modified", event.updated_at)
    entry.add("summary", without_controls(event.title))
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    entry.add("url", url)
    text = "\n\n".join(filter(None, (event.summary, f"{note}\n{url}".strip())))
    entry.add("description", without_controls(text))
    _add_times(entry, event)
    if place := place_of(event):
        entry.add("location", without_controls(place))
    if event.latitude is not None:
        entry.add("geo", (event.latitude, event.longitude))
    return entry


def without_controls(text: str) -> str:
    return CONTROLS.sub(" ", text.replace("\r\n", "\n"))


def _add_times(entry: icalendar.Event, event: Event) -> None:
    schedule = event.schedule
    if event.is_all_day:
        entry.add("dtstart", schedule.first_day)
        entry.add("dtend", schedule.last_day + dt.timedelta(days=1))
    else:
        entry.add("dtstart", schedule.start)
        entry.add("dtend", schedule.end)


def place_of(event: Event) -> str:
    """Such as "Blue Room, Torstraße 1, Berlin, Germany", or "Online"; empty while not known."""
    city = str(event.city) if event.city else ""
    parts = [part for part in (event.venue, event.address, city) if part]
    return ", ".join(parts) or ("Online" if event.is_online else "")
