"""IANA time zones: which exist, how a field checks a name, and the zone of one."""

import functools
import zoneinfo
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError


@functools.cache
def time_zone_names() -> frozenset[str]:
    """Every zone name that can be stored, without the files that are no zones."""
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory", "posixrules"})


@functools.lru_cache(maxsize=1000)
def time_zone(name: str) -> ZoneInfo:
    """The same as ZoneInfo(name), which keeps the last eight and reads a file for any other."""
    return ZoneInfo(name)


def validate_time_zone(name: str) -> None:
    if name not in time_zone_names():
        raise ValidationError("“%(name)s” is not a known time zone.", params={"name": name})
