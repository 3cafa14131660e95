"""Wall-clock times of a place, and the instants that they mean.

People write "19:00 in Berlin"; the database keeps instants. Where clocks change, a wall-clock time
can mean no instant (clocks went forward over it) or two (clocks went back over it).
"""

import datetime as dt
import enum

from eventmate.timezones import time_zone


class LocalTimeError(ValueError):
    """A wall-clock time that does not mean exactly one instant."""


class NonexistentLocalTime(LocalTimeError):
    """Clocks were put forward over this time: it never was on the clock."""


class AmbiguousLocalTime(LocalTimeError):
    """Clocks were put back over this time: it was on the clock twice."""


class Occurrence(enum.IntEnum):
    """Which one is meant of a wall-clock time that comes twice; the values are PEP 495's fold."""

    FIRST = 0
    SECOND = 1


def to_instant(
    wall_clock: dt.datetime, zone_name: str, occurrence: Occurrence | None = None
) -> dt.datetime:
    """The instant, in UTC, at which a clock in the zone shows a naive wall-clock time.

    ``occurrence`` decides for a time that comes twice and is ignored for any other. Raises
    NonexistentLocalTime, and AmbiguousLocalTime where a decision is needed and was not given.
    """
    zone = time_zone(zone_name)
    first, second = (
        wall_clock.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC) for fold in Occurrence
    )
    if first.astimezone(zone).replace(tzinfo=None) != wall_clock.replace(fold=0):
        raise NonexistentLocalTime(wall_clock, zone_name)
    if first == second:
        return first
    if occurrence is None:
        raise AmbiguousLocalTime(wall_clock, zone_name)
    return second if occurrence is Occurrence.SECOND else first


def to_wall_clock(instant: dt.datetime, zone_name: str) -> tuple[dt.datetime, Occurrence | None]:
    """What a clock in the zone shows at an instant, and which one where it shows that twice."""
    local = instant.astimezone(time_zone(zone_name))
    other = local.replace(fold=1 - local.fold)
    naive = local.replace(tzinfo=None, fold=0)
    if other.utcoffset() == local.utcoffset():
        return naive, None
    return naive, Occurrence(local.fold)


def local_minute(instant: dt.datetime | None, zone_name: str) -> str:
    """For tables: such as "2026-12-04 19:00+01:00"; empty for nothing."""
    if instant is None:
        return ""
    return instant.astimezone(time_zone(zone_name)).isoformat(sep=" ", timespec="minutes")
