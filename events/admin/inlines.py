from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from events.forms.images import EventImageForm, EventImageFormSet
from events.forms.shared_capacity import SharedCapacityForm, SharedCapacityFormSet
from events.forms.ticket_type import TicketTypeForm, TicketTypeFormSet
from events.models import EventImage, SharedCapacity, TicketType


class TicketTypeInline(admin.StackedInline):
    model = TicketType
    form = TicketTypeForm
    formset = TicketTypeFormSet
    extra = 0
    readonly_fields = ("places_taken", "people_waiting")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "description"),
                    ("price", "currency", "capacity", "places_taken", "people_waiting"),
                    "shared_capacity",
                    ("sales_start", "sales_end"),
                    ("min_per_booking", "max_per_booking", "position", "is_hidden"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("stock__shared_capacity")

    @admin.display(description="taken")
    def places_taken(self, ticket_type: TicketType) -> int:
        return ticket_type.stock.taken if ticket_type.pk else 0

    @admin.display(description="waiting")
    def people_waiting(self, ticket_type: TicketType) -> int:
        return ticket_type.stock.waiting if ticket_type.pk else 0


class SharedCapacityInline(admin.TabularInline):
    model = SharedCapacity
    form = SharedCapacityForm
    formset = SharedCapacityFormSet
    extra = 0
    fields = ("name", "capacity", "taken")
    readonly_fields = ("taken",)


class EventImageInline(admin.TabularInline):
    model = EventImage
    form = EventImageForm
    formset = EventImageFormSet
    verbose_name_plural = "images"
    extra = 0
    fields = ("thumbnail", "image", "alt_text", "position")
    readonly_fields = ("thumbnail",)

    @admin.display(description="preview")
    def thumbnail(self, image: EventImage) -> str:
        if not image.pk:
            return "–"
        return format_html('<img src="{}" alt="{}" height="72">', image.image.url, image.alt_text)
