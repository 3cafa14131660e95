from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from bookings.keys import is_key
from bookings.models import Booking
from events.models import Event, EventStatus


class EventFilter(admin.SimpleListFilter):
    """One event, to which links from other pages lead. Without it there is nothing to choose."""

    title = "event"
    parameter_name = "event"
    path_to_event = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        chosen = self.value()
        if chosen is None:
            return []
        event = Event.objects.filter(pk=chosen).first() if is_key(chosen) else None
        return [(chosen, event.title if event else "No such event")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen is None:
            return queryset
        if not is_key(chosen):
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


class MailFilter(admin.SimpleListFilter):
    """Bookings whose buyers, or holders of their tickets, could not be told something."""

    title = "mail"
    parameter_name = "mail"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("failed", "Mail failed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "failed":
            return queryset
        failed = Booking.objects.with_failed_mail()
        return queryset.filter(pk__in=failed.values("pk"))


class EventOfTicketFilter(EventFilter):
    path_to_event = "booking__event"
