"""Events as iCalendar files."""

import datetime as dt

import icalendar
from django.utils import timezone

from events.models import Event

PRODUCT = "-//EventMate//EN"


def calendar_of(event: Event, url: str) -> bytes:
    """A calendar with this event, whose ``url`` is its page. Whole days are dates, others are on
    the clock of the place.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_entry(event, url))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _entry(event: Event, url: str) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", event.uid)
    entry.add("dtstamp", timezone.now())
    entry.add("last-modified", event.updated_at)
    entry.add("summary", event.title)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    entry.add("url", url)
    entry.add("description", f"{event.summary}\n\n{url}".strip())
    _add_times(entry, event)
    if place := place_of(event):
        entry.add("location", place)
    if event.latitude is not None:
        entry.add("geo", (event.latitude, event.longitude))
    return entry


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
