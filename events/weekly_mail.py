"""When mail goes out that people get once a week: before the weekend, in the morning of whom it
goes to. What a worker that was down has missed goes out later, but not at night.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet

from eventmate.timezones import time_zone_names

logger = logging.getLogger(__name__)

# Behind every mail that somebody waits for: bookings/services/messages.py.
PRIORITY = -3
# How long mail that was given up is there, so that an operator can start its job again.
KEPT = dt.timedelta(days=14)
WEEKDAY = 3
MORNING, NIGHT = 8, 20
WEEK = dt.timedelta(days=7)


def due_zones(rows: QuerySet[Any], now: dt.datetime) -> Iterator[tuple[str, dt.datetime]]:
    """The time zones of the users of the rows in which it is day, and some were not ``looked_at``
    since Thursday morning; with that morning.
    """
    zones = rows.order_by().values_list("user__timezone").annotate(Min("looked_at"))
    for zone, looked_at in zones:
        if zone not in time_zone_names():  # any more: the machine's have changed
            logger.error("Nobody in the time zone %r gets weekly mail: it is not known.", zone)
            continue
        morning = last_morning(zone, now)
        if looked_at < morning and _is_day(zone, now):
            yield zone, morning


def last_morning(zone: str, now: dt.datetime) -> dt.datetime:
    """The last Thursday, 8:00, on the clock of a time zone, as an instant."""
    local = now.astimezone(ZoneInfo(zone))
    days = (local.weekday() - WEEKDAY) % 7
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    morning -= dt.timedelta(days=days)
    return (morning if morning <= local else morning - WEEK).astimezone(dt.UTC)


def _is_day(zone: str, now: dt.datetime) -> bool:
    return MORNING <= now.astimezone(ZoneInfo(zone)).hour < NIGHT
