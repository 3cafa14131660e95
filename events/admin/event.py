from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html

from eventmate.admin_actions import change_each, confirmation_page
from eventmate.admin_lists import ChosenFilter, LongListAdmin
from eventmate.csv_export import csv_response
from eventmate.uploads import takes_uploads
from events.admin.event_csv import event_rows
from events.admin.filters import PlacesFilter, WhenFilter
from events.admin.finding import event_matching
from events.admin.inlines import EventImageInline, SharedCapacityInline, TicketTypeInline
from events.exceptions import EventError
from events.forms.event import WRITTEN_FIELDS, EventForm
from events.models import Event, TicketStock
from events.querysets import capacity_of_event
from events.services.publishing import cancel_event, publish_event, reopen_event
from events.services.shared_capacities import lock_places

MOST_BYTES_OF_IMAGES = 50 * 2**20

TIMES = (
    "is_all_day",
    ("starts_on", "starts_time", "starts_occurrence"),
    ("ends_on", "ends_time", "ends_occurrence"),
    "timezone",
)


@admin.register(Event)
class EventAdmin(LongListAdmin):
    form = EventForm
    list_display = ["title", "when", "status", "places", "city_name", "category", "host"]
    list_select_related = ("city", "category", "host")
    list_filter = (
        "status",
        WhenFilter,
        PlacesFilter,
        "is_online",
        "category",
        ("city", ChosenFilter),
    )
    ordering = ("start_date",)
    sorted_by_index: ClassVar = {"start_date": ("start_date", "starts_at")}
    search_fields = ("title", "venue", "host__name", "city__name")
    search_help_text = "Words of the title or venue, as far as you know them, host or city."
    date_hierarchy = "start_date"
    autocomplete_fields = ("category", "city", "host")
    readonly_fields: ClassVar[tuple[str, ...]] = ("status", "uid", "created_at", "updated_at")
    inlines = (SharedCapacityInline, TicketTypeInline, EventImageInline)
    actions = ("publish_selected", "cancel_selected", "export_csv")
    fieldsets = (
        (None, {"fields": ("title", "slug", "status", "summary", "description")}),
        ("When", {"fields": TIMES}),
        (
            "Where",
            {"fields": ("city", "is_online", "venue", "address", ("latitude", "longitude"))},
        ),
        ("What and who", {"fields": ("category", "host", "language", "website")}),
        ("Paying", {"fields": ("allows_pay_at_door",)}),
        (
            "Booking rules",
            {
                "fields": (
                    ("max_tickets_per_booking", "max_tickets_per_person"),
                    "cancellation_hours",
                )
            },
        ),
        ("Record", {"classes": ("collapse",), "fields": ("uid", "created_at", "updated_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        stock = TicketStock.objects.filter(ticket_type__event=OuterRef("pk")).order_by()
        by_event = stock.values("ticket_type__event")
        return (
            super()
            .get_queryset(request)
            .annotate(
                capacity=capacity_of_event(),
                taken=Subquery(by_event.annotate(sum=Sum("taken")).values("sum")),
            )
        )

    def found_by(self, terms: list[str]) -> Q:
        return event_matching(terms)

    def get_fieldsets(self, request: HttpRequest, obj: Event | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (name, {"fields": ("when", "timezone")} if name == "When" else options)
            for name, options in fieldsets
        ]

    @takes_uploads(MOST_BYTES_OF_IMAGES)
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return super().add_view(request, form_url, extra_context)

    @takes_uploads(MOST_BYTES_OF_IMAGES)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A capacity below what was sold since the form was checked undoes the whole save."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except EventError as error:
            self.message_user(request, f"Nothing was saved. {error}", messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:
        if change:
            lock_places(event=obj)  # before the event, as buyers do
        obj.save(update_fields=WRITTEN_FIELDS if change else None)

    def response_add(
        self, request: HttpRequest, obj: Event, post_url_continue: str | None = None
    ) -> HttpResponse:
        if "_publish" in request.POST:
            self._change(request, [obj], self.publish, "published")
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Event) -> HttpResponse:
        if "_publish" in request.POST:
            self._change(request, [obj], self.publish, "published")
        elif "_reopen" in request.POST:
            self._change(request, [obj], self.reopen, "made a draft again")
        elif "_cancel" in request.POST:
            return self._ask_to_cancel(request, [obj])
        return super().response_change(request, obj)

    @admin.display(description="when, in local time", ordering="start_date")
    def when(self, event: Event) -> str:
        if not event.is_scheduled:
            return "no date yet"
        schedule = event.schedule
        hours = f"{schedule.hours} {schedule.zone}".strip()
        return format_html("{}, {}", schedule.dates, hours) if hours else schedule.dates

    @admin.display(description="city", ordering="city__name")
    def city_name(self, event: Event) -> str:
        return event.city.name if event.city else "online"

    @admin.display(description="places taken", ordering="taken")
    def places(self, event: Any) -> str:
        return "–" if event.capacity is None else f"{event.taken} of {event.capacity}"

    @admin.action(description="Publish selected events", permissions=["change"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        self._change(request, queryset, self.publish, "published")

    @admin.action(description="Cancel selected events …", permissions=["change"])
    def cancel_selected(
        self, request: HttpRequest, queryset: QuerySet[Event]
    ) -> TemplateResponse | None:
        if "confirmed" not in request.POST:
            return self._ask_to_cancel(request, queryset)
        self._change(request, queryset, self.cancel, "cancelled")
        return None

    @admin.action(description="Export selected events as CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Event]) -> StreamingHttpResponse:
        header, rows = event_rows(queryset)
        return csv_response(filename="events.csv", header=header, rows=rows)

    def publish(self, request: HttpRequest, event: Event) -> None:
        publish_event(event=event)

    def reopen(self, request: HttpRequest, event: Event) -> None:
        reopen_event(event=event)

    def cancel(self, request: HttpRequest, event: Event) -> None:
        cancel_event(event=event)

    def consequence_of_cancelling(self, events: Iterable[Event]) -> str:
        return "Sales stop at once, and everyone sees the events as cancelled."

    def _change(
        self,
        request: HttpRequest,
        events: Iterable[Event],
        change: Callable[[HttpRequest, Event], None],
        done: str,
    ) -> None:
        change_each(
            self,
            request,
            events,
            lambda event: change(request, event),
            done=done,
            refused_by=EventError,
        )

    def _ask_to_cancel(self, request: HttpRequest, events: Iterable[Event]) -> TemplateResponse:
        return confirmation_page(
            self,
            request,
            events,
            action="cancel_selected",
            question="Cancel these events?",
            consequence=self.consequence_of_cancelling(events),
            button="Yes, cancel them",
        )
