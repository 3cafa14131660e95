"""How often events are looked at. A process counts in its memory, and hands the numbers over now
and then; nothing is known of who looked.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from eventmate.pages.recording import current_recording
from eventmate.timezones import time_zone
from events.models import Event

Counts = Mapping[tuple[int, dt.date], int]
"""By the primary key of the event, and by the day at its place."""

# What says of itself that it is no person.
ROBOT = re.compile(r"bot\b|bots|crawl|spider|slurp|preview|monitor|curl|wget|python|headless", re.I)

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
        today = timezone.now().astimezone(time_zone(timezone_name)).date()
        _counts[event_id, today] += 1


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
    agent = environ.get("HTTP_USER_AGENT", "")
    return not agent or ROBOT.search(agent) is not None
