"""What surrounds an event: cities, categories and hosts."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from eventmate.admin_lists import LongListAdmin
from events.models import (
    Category,
    City,
    Event,
    Host,
    HostChange,
    HostChangeKind,
    HostMember,
)

MOST_EVENTS = 1_000


class CountUpTo(Subquery):
    """How many rows a query with a limit has: a category of a large site has tens of thousands of
    events, which are not counted for each of its rows.
    """

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class CatalogueAdmin(LongListAdmin):
    """Of something that events have: named, with a slug, and a link to its events."""

    foreign_key: str  # of Event
    search_fields = ["name"]
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        events = Event.objects.filter(**{self.foreign_key: OuterRef("pk")}).order_by()
        counted = CountUpTo(events.values("pk")[: MOST_EVENTS + 1])
        return super().get_queryset(request).annotate(event_count=counted)

    @admin.display(description="events", ordering="event_count")
    def events_link(self, row: Any) -> str:
        query = urlencode({f"{self.foreign_key}__id__exact": row.pk})
        address = reverse("admin:events_event_changelist")
        count = f"{MOST_EVENTS:,}+" if row.event_count > MOST_EVENTS else row.event_count
        return format_html('<a href="{}?{}">{}</a>', address, query, count)


@admin.register(City)
class CityAdmin(CatalogueAdmin):
    foreign_key = "city"
    list_display = ("name", "region", "country", "timezone", "events_link")
    list_filter = ("country",)
    search_fields = ["name", "region", "country"]


@admin.register(Category)
class CategoryAdmin(CatalogueAdmin):
    foreign_key = "category"
    list_display = ("name", "description", "events_link")


class HostMemberInline(admin.TabularInline):
    model = HostMember
    autocomplete_fields = ("user",)
    extra = 0
    verbose_name = "team member"


class HostChangeInline(admin.TabularInline):
    model = HostChange
    fields = readonly_fields = ("at", "by", "kind", "about")
    extra = 0
    can_delete = False
    verbose_name = "change"

    def has_add_permission(self, request: HttpRequest, obj: Host | None = None) -> bool:
        return False


@admin.register(Host)
class HostAdmin(CatalogueAdmin):
    foreign_key = "host"
    list_display = ("name", "owner", "email", "events_link", "created_at")
    list_select_related = ("owner",)
    search_fields = ["name", "email", "owner__email", "owner__name"]
    autocomplete_fields = ("owner",)
    date_hierarchy = "created_at"
    readonly_fields = ("created_at",)
    inlines = (HostMemberInline, HostChangeInline)

    def save_model(self, request: HttpRequest, obj: Host, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        changed = [str(form.fields[name].label).lower() for name in form.changed_data]
        if not change:
            _note(obj, request, HostChangeKind.STARTED)
        elif changed:
            _note(obj, request, HostChangeKind.CHANGED, f"the {' and the '.join(changed)}")

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        host = form.instance
        for member in formset.new_objects:
            about = f"{member.user.get_full_name()} as {member.get_role_display().lower()}"
            _note(host, request, HostChangeKind.ADDED, about)
        for member, _fields in formset.changed_objects:
            about = f"{member.user.get_full_name()} {member.get_role_display().lower()}"
            _note(host, request, HostChangeKind.GAVE_ROLE, about)
        for member in formset.deleted_objects:
            _note(host, request, HostChangeKind.REMOVED, member.user.get_full_name())


def _note(host: Host, request: HttpRequest, kind: HostChangeKind, about: str = "") -> None:
    HostChange.objects.create(host=host, by_id=request.user.pk, kind=kind, about=about)
