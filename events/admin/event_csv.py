from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from events.models import Event

HEADER = (
    "title",
    "status",
    "starts",
    "ends",
    "whole days",
    "time zone",
    "city",
    "country",
    "venue",
    "address",
    "online",
    "category",
    "host",
    "capacity",
    "taken",
    "slug",
)


def event_rows(events: QuerySet[Event]) -> tuple[tuple[str, ...], Iterator[list[object]]]:
    """The header and the rows of EventAdmin's events, with times on the clock of each place."""
    return HEADER, map(_row, events.select_related("city", "category", "host").iterator())


def _row(event: Any) -> list[object]:
    return [
        event.title,
        event.get_status_display(),
        event.schedule.start.isoformat(sep=" ", timespec="minutes"),
        event.schedule.end.isoformat(sep=" ", timespec="minutes"),
        "yes" if event.is_all_day else "no",
        event.timezone,
        event.city.name if event.city else "",
        event.city.country if event.city else "",
        event.venue,
        event.address,
        "yes" if event.is_online else "no",
        event.category.name,
        event.host.name,
        event.capacity,
        event.taken,
        event.slug,
    ]
