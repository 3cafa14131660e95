"""The events' admin pages, with what only this app knows: who booked."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils.html import format_html

from bookings.models import Booking, Ticket
from events.admin import EventAdmin
from events.admin.inlines import EventImageInline, TicketTypeInline
from events.forms.ticket_type import TicketTypeForm
from events.models import Event

admin.site.unregister(Event)


class KeptTicketTypeForm(TicketTypeForm):
    def clean(self) -> dict[str, Any]:
        """Refuse a deletion with one line; Django's own message would name every ticket."""
        super().clean()
        if self.instance.pk and self.cleaned_data.get(DELETION_FIELD_NAME):
            count = Ticket.objects.filter(ticket_type=self.instance).count()
            if count:
                del self.cleaned_data[DELETION_FIELD_NAME]
                self.add_error(
                    None,
                    f"“{self.instance}” has {count} ticket{pluralize(count)}, old ones included,"
                    " and cannot be deleted. End its sales instead.",
                )
        return self.cleaned_data


class KeptTicketTypeInline(TicketTypeInline):
    form = KeptTicketTypeForm


@admin.register(Event)
class EventWithBookingsAdmin(EventAdmin):
    list_display = list(EventAdmin.list_display)
    list_display.insert(list_display.index("places") + 1, "bookings_link")
    inlines = (KeptTicketTypeInline, EventImageInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        bookings = Booking.objects.holding_places().filter(event=OuterRef("pk")).order_by()
        counted = bookings.values("event").annotate(count=Count("pk")).values("count")
        return super().get_queryset(request).annotate(booking_count=Coalesce(Subquery(counted), 0))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Events with bookings stay; one line says so, not a list of every booking and ticket."""
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        if protected:
            return to_delete, counts, set(), _why_protected(objs)
        return to_delete, counts, perms_needed, protected

    @admin.display(description="bookings", ordering="booking_count")
    def bookings_link(self, event: Any) -> str:
        address = reverse("admin:bookings_booking_changelist")
        query = urlencode({"event": event.pk})
        return format_html('<a href="{}?{}">{}</a>', address, query, event.booking_count)


def _why_protected(events: Iterable[Event]) -> list[str]:
    counted = (
        Booking.objects.filter(event__in=list(events))
        .order_by()
        .values("event", "event__title")
        .annotate(count=Count("pk"))
    )
    return [
        f"“{row['event__title']}” has {row['count']} booking{pluralize(row['count'])}, old ones"
        " included. Cancel the event instead of deleting it."
        for row in counted
    ]
