"""A search as a calendar to subscribe to (RFC 5545, RFC 7986)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import icalendar

from events.calendars import PRODUCT, add_zones, entry_of, without_controls
from events.models import Event
from events.sharing.addresses import public_address

REFRESH = dt.timedelta(hours=1)
END = b"END:VCALENDAR\r\n"
# Of a web worker: to write an entry takes longer than to find it.
ENTRIES_KEPT = 2000


@dataclass(frozen=True, slots=True)
class _Version:
    """An event as it is now: entries of equal ones are equal."""

    pk: int
    sequence: int
    updated_at: dt.datetime
    city: str
    event: Event = field(compare=False)


def calendar_of_search(
    events: Iterable[Event], *, name: str, extent: str, url: str, feed_url: str
) -> bytes:
    """The same for the same events, whenever it is asked for. ``url`` is the page of the search,
    ``extent`` says how much of what it finds is here.

    It has no METHOD, as nobody is invited; so each DTSTAMP is when the event was last changed.
    """
    events = list(events)
    entries = b"".join(_entry(_version(event)) for event in events)
    head = _head(name, extent, url, feed_url)
    add_zones(head, events)
    return head.to_ical().removesuffix(END) + entries + END


def _head(name: str, extent: str, url: str, feed_url: str) -> icalendar.Calendar:
    name = without_controls(name)
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("description", extent)
    calendar.add("x-wr-caldesc", extent)
    calendar.add("url", url)
    calendar.add("source", feed_url, {"VALUE": "URI"})
    calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    return calendar


def _version(event: Event) -> _Version:
    return _Version(event.pk, event.sequence, event.updated_at, str(event.city or ""), event)


@lru_cache(maxsize=ENTRIES_KEPT)
def _entry(version: _Version) -> bytes:
    event = version.event
    url = public_address(event.get_absolute_url())
    return entry_of(event, url, stamp=event.updated_at).to_ical()
