"""Rows of JSON and CSV as event records."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from eventmate.timezones import time_zone_names
from events.distance import Position
from events.importing.exceptions import RowRefused
from events.importing.mapping.context import MappingContext
from events.importing.mapping.fields import Fields
from events.importing.mapping.handles import links_of
from events.importing.mapping.identity import uid_of_address, uid_of_facts, within_limit
from events.importing.mapping.moments import Moment, parse_clock, parse_moment, period_of
from events.importing.mapping.origins import (
    Origin,
    default_host,
    default_topic,
    kind_of,
    origin_of,
)
from events.importing.mapping.position import position_of
from events.importing.mapping.text import (
    ADDRESS_LIMIT,
    HOST_LIMIT,
    SUMMARY_LIMIT,
    TITLE_LIMIT,
    VENUE_LIMIT,
    minor_web_address,
    web_address,
)
from events.importing.places.addresses import Spot, is_online, locate_address
from events.importing.places.locating import Place, locate
from events.importing.record import CallForPapers, EventRecord
from events.importing.subjects import OTHER, language_names, subject_of, topic_name

STATUSES = {"", "published", "scheduled", "confirmed", "active", "draft", "cancelled", "canceled"}


def record_of_table_row(row: Mapping[str, Any], line: int, context: MappingContext) -> EventRecord:
    """Raises RowRefused."""
    fields = Fields(row)
    origin = origin_of(fields)
    remarks: list[str] = []
    title = required(fields.line("title", TITLE_LIMIT), "title")
    start, end = moments_of(fields, remarks)
    position = position_of(fields.number("latitude"), fields.number("longitude"))
    zone = zone_in(fields)
    online = is_online(fields.line("location")) or bool(fields.flag("online"))
    spot = spot_of(fields, zone, position, context, remarks)
    place = spot.place
    if place is None and not online:
        remarks.append("It is not online, and its city is not known.")
    zone = zone or (place.timezone if place else context.zone)
    period = period_of(start, end, zone)
    website = web_address(fields.line("website", 2000), "website", remarks)
    topics = topics_of(fields, origin, context)
    status = status_in(fields)
    return EventRecord(
        line=line,
        uid=uid_of(fields, origin, title, start.date, place),
        title=title,
        subject=subject_of(topics[0]),
        kind=kind_of(fields, origin),
        host=context.host or fields.line("host", HOST_LIMIT) or default_host(fields, origin),
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        is_all_day=period.is_all_day,
        timezone=zone,
        place=place,
        is_online=online or bool(fields.flag("hybrid")),
        is_cancelled=status in {"cancelled", "canceled"},
        is_draft=context.is_draft or status == "draft",
        venue=fields.line("venue", VENUE_LIMIT) or spot.venue[:VENUE_LIMIT],
        address=fields.line("address", ADDRESS_LIMIT),
        position=position,
        website=website,
        language=language_names(fields.words("language")),
        summary=fields.line("summary", SUMMARY_LIMIT),
        text=fields.paragraphs("description"),
        topics=tuple(topic_name(topic) for topic in topics),
        call_for_papers=call_for_papers_of(fields, remarks),
        links=tuple(links_of(fields, remarks)),
        has_sign_language=bool(fields.flag("sign_language")),
        remarks=tuple(remarks),
    )


def required(text: str, field: str) -> str:
    if not text:
        raise RowRefused(f"There is no {field}.")
    return text


def moments_of(fields: Fields, remarks: list[str]) -> tuple[Moment, Moment | None]:
    start_text = fields.line("start")
    if not start_text:
        raise RowRefused("There is no start date.")
    start = parse_moment(start_text, fields.line("start_time"), "start", remarks)
    end_text, end_clock = fields.line("end"), fields.line("end_time")
    if end_text:
        return start, parse_moment(end_text, end_clock, "end", remarks)
    if end_clock and start.time is not None:
        return start, Moment(start.date, parse_clock(end_clock, "end", remarks))
    return start, None


def zone_in(fields: Fields) -> str:
    zone = fields.line("timezone")
    if zone and zone not in time_zone_names():
        raise RowRefused(f"The time zone “{zone[:60]}” is unknown.")
    return zone


def spot_of(
    fields: Fields,
    zone: str,
    near: Position | None,
    context: MappingContext,
    remarks: list[str],
) -> Spot:
    city, location = fields.line("city"), fields.line("location")
    if city:
        region, country = fields.line("region"), fields.line("country")
        return Spot(locate(city, region, country, zone=zone, near=near, remarks=remarks))
    if location and not is_online(location):
        return locate_address(
            location, zone=zone, near=near, otherwise=context.place, remarks=remarks
        )
    is_somewhere = not is_online(location) and not fields.flag("online")
    return Spot(context.place if is_somewhere else None)


def uid_of(fields: Fields, origin: Origin, title: str, start: dt.date, place: Place | None) -> str:
    if origin is Origin.RUBY_EVENTS and (identifier := fields.line("id")):
        return within_limit(f"{identifier}@rubyevents.org")
    if uid := fields.line("uid", 2000):
        return within_limit(uid)
    if origin is not Origin.RUBY_EVENTS and (address := fields.line("website", 2000)):
        return uid_of_address(address, start)
    return uid_of_facts(title, start, place.name if place else "")


def topics_of(fields: Fields, origin: Origin, context: MappingContext) -> list[str]:
    """At least one, the category first."""
    category = context.category or fields.line("category")
    topics = [category, *fields.words("topics"), default_topic(origin)]
    return [topic for topic in dict.fromkeys(topics) if topic] or [OTHER]


def status_in(fields: Fields) -> str:
    status = fields.line("status").lower()
    if status not in STATUSES:
        raise RowRefused(f"The status “{status[:40]}” is unknown.")
    return status


def call_for_papers_of(fields: Fields, remarks: list[str]) -> CallForPapers | None:
    text, end = fields.line("call_for_papers", 2000), fields.line("call_for_papers_end")
    address = minor_web_address(text, "call for papers", remarks)
    until = parse_moment(end, "", "call for papers end", remarks).date if end else None
    return CallForPapers(address=address, until=until) if address or until else None
