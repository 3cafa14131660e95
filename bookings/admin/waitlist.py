from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from bookings.admin.filters import EventFilter
from bookings.exceptions import BookingError
from bookings.models import WaitlistEntry
from bookings.services.waitlist import leave_waitlist
from eventmate.admin_actions import change_each
from eventmate.admin_lists import LongListAdmin
from eventmate.look_only import LookOnly


class EventOfEntryFilter(EventFilter):
    path_to_event = "ticket_type__event"


@admin.register(WaitlistEntry)
class WaitlistEntryAdmin(LookOnly, LongListAdmin):
    list_display = (
        "reference",
        "name",
        "email",
        "quantity",
        "ticket_type",
        "event",
        "status",
        "offer",
        "joined_at",
    )
    list_select_related = ("ticket_type__event", "offer")
    list_filter = ("status", EventOfEntryFilter)
    search_fields = ("reference", "name", "email", "ticket_type__event__title")
    search_help_text = "Reference, name, e-mail address or event."
    ordering = ("pk",)
    actions = ("remove_selected",)

    @admin.display(ordering="ticket_type__event__title")
    def event(self, entry: WaitlistEntry) -> str:
        return entry.ticket_type.event.title

    def has_remove_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("bookings.change_waitlistentry")

    @admin.action(description="Remove from the list", permissions=["remove"])
    def remove_selected(self, request: HttpRequest, queryset: QuerySet[WaitlistEntry]) -> None:
        change_each(
            self,
            request,
            queryset,
            lambda entry: leave_waitlist(entry=entry),
            done="removed",
            refused_by=BookingError,
        )
