from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from bookings.models import BookingChange
from eventmate.look_only import LookOnly


class BookingChangeInline(LookOnly, admin.TabularInline):
    model = BookingChange
    verbose_name_plural = "history"
    fields = readonly_fields = ("at", "before", "after", "role", "actor", "reason")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> "QuerySet[BookingChange]":
        return super().get_queryset(request).select_related("actor")
