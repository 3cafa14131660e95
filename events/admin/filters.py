from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

Choice = tuple[str, str]


class WhenFilter(admin.SimpleListFilter):
    """Whether events are to come, on right now or over."""

    title = "when"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        return [("upcoming", "Upcoming"), ("now", "On right now"), ("past", "Over")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        match self.value():
            case "upcoming":
                return queryset.filter(starts_at__gt=now)
            case "now":
                return queryset.filter(starts_at__lte=now, ends_at__gt=now)
            case "past":
                return queryset.filter(ends_at__lte=now)
        return queryset


class PlacesFilter(admin.SimpleListFilter):
    """Whether tickets are left. Uses what EventAdmin annotates."""

    title = "places"
    parameter_name = "places"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        return [("left", "Places left"), ("sold_out", "Sold out"), ("none", "No tickets")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "left":
                return queryset.filter(capacity__gt=F("taken"))
            case "sold_out":
                return queryset.filter(capacity=F("taken"), capacity__gt=0)
            case "none":
                return queryset.filter(capacity=None)
        return queryset
