from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from events.models import Event, EventStatus

KEY_DIGITS = 18  # fewer than would pass the largest number of PostgreSQL's bigint


class EventFilter(admin.SimpleListFilter):
    """One event, to which links from other pages lead. Without it there is nothing to choose."""

    title = "event"
    parameter_name = "event"
    path_to_event = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        chosen = self.value()
        if chosen is None:
            return []
        event = Event.objects.filter(pk=chosen).first() if _is_key(chosen) else None
        return [(chosen, event.title if event else "No such event")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen is None:
            return queryset
        if not _is_key(chosen):
            return queryset.none()
        return queryset.filter(**{self.path_to_event: chosen})


class EventStatusFilter(admin.SimpleListFilter):
    """Such as bookings of events that were cancelled, whose buyers are to be told."""

    title = "status of the event"
    parameter_name = "event_status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(status.value, status.label) for status in EventStatus]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(event__status=self.value()) if self.value() else queryset


class EventOfTicketFilter(EventFilter):
    path_to_event = "booking__event"


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) <= KEY_DIGITS
