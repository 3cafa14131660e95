"""VEVENTs of an iCalendar file as event records."""

import datetime as dt
from typing import Any

from icalendar import Component
from icalendar.prop import vBroken

from events.distance import Position
from events.importing.exceptions import RowRefused
from events.importing.mapping.calendar_times import CalendarTimes, times_of
from events.importing.mapping.context import MappingContext
from events.importing.mapping.identity import uid_of_facts, within_limit
from events.importing.mapping.markup import first_web_address, markdown_of
from events.importing.mapping.moments import period_of
from events.importing.mapping.position import position_of
from events.importing.mapping.text import (
    ADDRESS_LIMIT,
    HOST_LIMIT,
    TITLE_LIMIT,
    VENUE_LIMIT,
    clean_line,
    clean_paragraphs,
    web_address,
)
from events.importing.places.addresses import Spot, is_online, locate_address
from events.importing.record import EventRecord
from events.importing.subjects import OTHER, subject_of, topic_name, topic_within

USED = (
    *("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "GEO", "URL", "CATEGORIES", "ORGANIZER"),
    *("DTSTART", "DTEND", "DURATION", "STATUS", "CLASS", "RECURRENCE-ID"),
)
REPEATING = ("RRULE", "RDATE")


def record_of_calendar_event(event: Component, line: int, context: MappingContext) -> EventRecord:
    """Raises RowRefused."""
    check_properties(event)
    remarks: list[str] = []
    title = clean_line(text_in(event, "SUMMARY"), "title", TITLE_LIMIT)
    if not title:
        raise RowRefused("There is no title (SUMMARY).")
    location = clean_line(text_in(event, "LOCATION"), "location", ADDRESS_LIMIT)
    position = position_in(event)
    online = is_online(location) or "CONFERENCE" in event
    times = times_of(event, context.calendar_timezone)
    spot = spot_of(location, position, online, times.zone, context, remarks)
    place = spot.place
    zone = times.zone or (place.timezone if place else times.calendar_zone or context.zone)
    period = period_of(times.start, times.end, zone)
    if any(name in event for name in REPEATING):
        remarks.append("It repeats; only its first date is taken.")
    text = markdown_of(clean_paragraphs(text_in(event, "DESCRIPTION"), "description"))
    topics = topics_of(event, context)
    return EventRecord(
        line=line,
        uid=uid_of(event, title, times, place.name if place else ""),
        title=title,
        subject=subject_of(topics[0]),
        kind="event",
        host=context.host or organizer_of(event) or host_of_calendar(context),
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        is_all_day=period.is_all_day,
        timezone=zone,
        place=place,
        is_online=online,
        is_cancelled=text_in(event, "STATUS").upper() == "CANCELLED",
        is_draft=context.is_draft,
        venue=spot.venue[:VENUE_LIMIT],
        address=location if spot.venue and spot.venue != location else "",
        position=position,
        website=website_of(event, text, remarks),
        text=text,
        topics=tuple(topic_name(topic) for topic in topics),
        remarks=tuple(remarks),
    )


def check_properties(event: Component) -> None:
    for name in USED:
        if isinstance(first_of(event, name), vBroken):
            raise RowRefused(f"{name} “{str(first_of(event, name))[:60]}” cannot be read.")
    if text_in(event, "CLASS").upper() in {"PRIVATE", "CONFIDENTIAL"}:
        raise RowRefused("The calendar keeps it private (CLASS).")


def first_of(event: Component, name: str) -> Any:
    """A property that should be there once, and may be there more often."""
    value = event.get(name)
    return value[0] if isinstance(value, list) and value else value


def text_in(event: Component, name: str) -> str:
    value = first_of(event, name)
    return "" if value is None else str(value)


def position_in(event: Component) -> Position | None:
    geo = first_of(event, "GEO")
    return None if geo is None else position_of(geo.latitude, geo.longitude)


def spot_of(
    location: str,
    position: Position | None,
    online: bool,
    zone: str,
    context: MappingContext,
    remarks: list[str],
) -> Spot:
    if location and not is_online(location):
        return locate_address(
            location, zone=zone, near=position, otherwise=context.place, remarks=remarks
        )
    if not online and context.place is None:
        remarks.append("It has no LOCATION and is not online.")
    return Spot(None if online else context.place)


def uid_of(event: Component, title: str, times: CalendarTimes, city: str) -> str:
    """A changed date of a repeating event has the UID of the others, and a RECURRENCE-ID."""
    uid = clean_line(text_in(event, "UID"), "UID", 5000)
    if not uid:
        return uid_of_facts(title, times.start.date, city)
    recurrence = first_of(event, "RECURRENCE-ID")
    moment = getattr(recurrence, "dt", None)
    return within_limit(f"{uid}/{moment.isoformat()}" if isinstance(moment, dt.date) else uid)


def topics_of(event: Component, context: MappingContext) -> list[str]:
    """At least one, the category first."""
    lines = event.get("CATEGORIES", [])
    lines = lines if isinstance(lines, list) else [lines]
    names = (str(name) for line in lines for name in getattr(line, "cats", []))
    topics = [context.category, *(clean_line(name, "CATEGORIES", 60) for name in names)]
    found = [topic for topic in dict.fromkeys(topics) if topic]
    return found or [topic_within(context.calendar_name) or OTHER]


def organizer_of(event: Component) -> str:
    organizer = first_of(event, "ORGANIZER")
    name = str(getattr(organizer, "params", {}).get("CN", ""))
    return "" if "@" in name else clean_line(name, "organizer", HOST_LIMIT)


def host_of_calendar(context: MappingContext) -> str:
    return clean_line(context.calendar_name, "calendar name", HOST_LIMIT) or "Imported events"


def website_of(event: Component, text: str, remarks: list[str]) -> str:
    address = clean_line(text_in(event, "URL"), "URL", 2000) or first_web_address(text)
    return web_address(address, "URL", remarks)
