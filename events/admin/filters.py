import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from eventmate.admin_lists import MOST_COUNTED, MOST_EXAMINED, NearFilter
from events.models import Listing

Choice = tuple[str, str]
ONE_DAY = dt.timedelta(1)


class WhenFilter(admin.SimpleListFilter):
    """Whether events are to come, on right now (the published ones) or over."""

    title = "when"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        return [("upcoming", "Upcoming"), ("now", "On right now"), ("past", "Over")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        # The list is walked by local dates, which are at most one off.
        yesterday, tomorrow = now.date() - ONE_DAY, now.date() + ONE_DAY
        match self.value():
            case "upcoming":
                return queryset.filter(starts_at__gt=now, start_date__gte=yesterday)
            case "now":
                on = Listing.objects.filter(starts_at__lte=now, ends_at__gt=now)
                # With a limit, PostgreSQL begins with them, and not with all events.
                return queryset.filter(pk__in=on.values("pk")[: MOST_COUNTED + 1])
            case "past":
                return queryset.filter(ends_at__lte=now, start_date__lte=tomorrow)
        return queryset


class PlacesFilter(NearFilter):
    """Whether tickets are left. Uses what EventAdmin annotates."""

    title = f"places, of the first {MOST_EXAMINED:,}"
    parameter_name = "places"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        return [("left", "Places left"), ("sold_out", "Sold out"), ("none", "No tickets")]

    def condition(self) -> Q | None:
        match self.value():
            case "left":
                return Q(capacity__gt=F("taken"))
            case "sold_out":
                return Q(capacity=F("taken"), capacity__gt=0)
            case "none":
                return Q(capacity=None)
        return None


class RatingFilter(admin.SimpleListFilter):
    """Django's own would ask all reviews which ratings there are."""

    title = "rating"
    parameter_name = "rating"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Choice]:
        return [(str(stars), str(stars)) for stars in range(1, 6)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        is_one = self.value() in {"1", "2", "3", "4", "5"}
        return queryset.filter(rating=self.value()) if is_one else queryset
