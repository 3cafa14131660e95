"""How often events are looked at. A process counts in its memory, and hands the numbers over now
and then; nothing is known of who looked.
"""

import datetime as dt
import re
import time
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.http import HttpRequest

from eventmate.pages.recording import current_recording
from eventmate.timezones import time_zone
from events.models import Event

Counts = Mapping[tuple[int, dt.date], int]
"""By the primary key of the event, and by the day at its place."""

# What says of itself that it is no person.
ROBOT = re.compile(r"bot\b|bots|crawl|spider|slurp|preview|monitor|curl|wget|python|headless", re.I)
# Characters. Nothing that visitors make up at length is kept.
LONGEST_AGENT = 300

_counts: Counter[tuple[int, dt.date]] = Counter()


def count_view(request: HttpRequest, event: Event) -> None:
    """Count a person who opens the page of an event that is public: each who does, where the page
    is rendered once for everyone.
    """
    if event.status == "draft":
        return
    if record := current_recording():
        record.visit = event.pk, event.timezone
    else:
        count_visit(request.META, event.pk, event.timezone)


def count_visit(environ: Mapping[str, Any], event_id: int, timezone_name: str) -> None:
    if environ["REQUEST_METHOD"] == "GET" and not _is_automatic(environ):
        _counts[event_id, _day(timezone_name, int(time.time() // 60))] += 1


def take_counts() -> Counts:
    """What this process has counted since it was last asked."""
    taken = dict(_counts)
    _counts.clear()
    return taken


def give_back_counts(counts: Counts) -> None:
    """Counts that were taken and could not be kept: for the next time."""
    _counts.update(counts)


def _is_automatic(environ: Mapping[str, Any]) -> bool:
    """A robot, or a browser that loads what may be opened next."""
    if "prefetch" in environ.get("HTTP_SEC_PURPOSE", ""):
        return True
    return _is_robot(environ.get("HTTP_USER_AGENT", "")[:LONGEST_AGENT])


# Browsers call themselves the same for months, and a place has the same day for many minutes.


@lru_cache(maxsize=1_000)
def _is_robot(agent: str) -> bool:
    return not agent or ROBOT.search(agent) is not None


@lru_cache(maxsize=1_000)
def _day(timezone_name: str, minute: int) -> dt.date:
    """Of a minute since 1970."""
    return dt.datetime.fromtimestamp(60 * minute, time_zone(timezone_name)).date()
