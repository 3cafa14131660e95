"""IANA time zone names: which exist, and how a field checks one."""

import functools
import zoneinfo

from django.core.exceptions import ValidationError


@functools.cache
def time_zone_names() -> frozenset[str]:
    """Every zone name that can be stored, without the files that are no zones."""
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory", "posixrules"})


def validate_time_zone(name: str) -> None:
    if name not in time_zone_names():
        raise ValidationError("“%(name)s” is not a known time zone.", params={"name": name})
