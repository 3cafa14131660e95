"""The times of a VEVENT: dates, UTC, a zone's wall clock, or the wall clock of no zone."""

import datetime as dt
from dataclasses import dataclass, replace

from icalendar import Component
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from eventmate.timezones import time_zone_names
from events.importing.exceptions import RowRefused
from events.importing.mapping.moments import Moment, instant_of, moment_of


@dataclass(frozen=True, slots=True)
class CalendarTimes:
    """``zone`` is the event's own, empty where it gives none; ``calendar_zone`` its calendar's."""

    start: Moment
    end: Moment | None
    zone: str
    calendar_zone: str


def times_of(event: Component, calendar_timezone: str) -> CalendarTimes:
    calendar_zone = zone_name_of(calendar_timezone)
    value = one(event, "DTSTART")
    if not isinstance(value, dt.date):
        raise RowRefused("There is no start (DTSTART).")
    start, zone = resolved(event, "DTSTART", value, calendar_zone)
    return CalendarTimes(start, end_of(event, start, value, calendar_zone), zone, calendar_zone)


def end_of(
    event: Component, start: Moment, start_value: dt.date, calendar_zone: str
) -> Moment | None:
    """The last day where the start is a day: DTEND names the day after it."""
    end_value, duration = one(event, "DTEND"), one(event, "DURATION")
    if isinstance(end_value, dt.date):
        end, _zone = resolved(event, "DTEND", end_value, calendar_zone)
    elif isinstance(duration, dt.timedelta):
        end = lasting(start, start_value, duration)
    else:
        return None
    if end.time is None and end.date != start.date:
        return replace(end, date=end.date - dt.timedelta(days=1))
    return end


def lasting(start: Moment, start_value: dt.date, duration: dt.timedelta) -> Moment:
    try:
        if start.instant is not None:
            return moment_of(start.instant + duration)
        return moment_of(start_value + duration)
    except OverflowError:
        raise RowRefused(f"The DURATION {duration} is too long.") from None


def one(event: Component, name: str) -> object:
    value = event.get(name)
    value = value[0] if isinstance(value, list) and value else value
    return getattr(value, "dt", None)


def resolved(event: Component, name: str, value: dt.date, calendar_zone: str) -> tuple[Moment, str]:
    """What a property means, and the zone that it names. A time without a zone is on the calendar's
    clock; where that has none either, on the clock of the place.
    """
    moment = moment_of(value)
    if moment.time is None:
        return moment, ""
    zone_id = zone_id_of(event, name)
    zone = zone_name_of(zone_id)
    if zone:
        wall_clock = Moment(moment.date, moment.time)
        return replace(wall_clock, instant=instant_of(wall_clock, zone)), zone
    if moment.instant is not None:
        return moment, ""
    if zone_id:
        raise RowRefused(f"The time zone “{zone_id[:60]}” of {name} is unknown.")
    if calendar_zone:
        return replace(moment, instant=instant_of(moment, calendar_zone)), ""
    return moment, ""


def zone_id_of(event: Component, name: str) -> str:
    value = event.get(name)
    value = value[0] if isinstance(value, list) else value
    return str(value.params.get("TZID", ""))


def zone_name_of(zone_id: str) -> str:
    """The IANA name that a TZID is, ends with, or is Windows' word for; empty if there is none."""
    names = time_zone_names()
    if zone_id in names:
        return zone_id
    if zone_id in WINDOWS_TO_OLSON:
        return WINDOWS_TO_OLSON[zone_id]
    ends = ("/".join(zone_id.split("/")[-count:]) for count in (3, 2))
    return next((end for end in ends if end in names), "")
