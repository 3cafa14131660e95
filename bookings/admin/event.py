"""The events' admin pages, with what only this app knows: who booked."""

from collections.abc import Iterable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from bookings.actors import Actor
from bookings.forms.announcement import AnnouncedEventForm
from bookings.hosting import affected_by_cancelling
from bookings.models import Booking, Ticket, WaitlistEntry
from bookings.services.notices import cancel_event_and_bookings, tell_of_change
from bookings.services.waitlist import offer_some_places
from events.admin import EventAdmin
from events.admin.inlines import EventImageInline, SharedCapacityInline, TicketTypeInline
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


SOLD = {
    "booking": "booking",
    "promocode": "promo code",
    "waitlistentry": "waitlist entry",
    "notice": "notice",
}
TELLING = (
    "Telling the buyers",
    {"fields": ("tell_buyers", "words_to_buyers")},
)


@admin.register(Event)
class EventWithBookingsAdmin(EventAdmin):
    form = AnnouncedEventForm
    list_display = list(EventAdmin.list_display)
    list_display.insert(list_display.index("places") + 1, "bookings_link")
    inlines = (SharedCapacityInline, KeptTicketTypeInline, EventImageInline)
    readonly_fields = (*EventAdmin.readonly_fields, "sales")

    def get_fieldsets(self, request: HttpRequest, obj: Event | None = None) -> Any:
        fieldsets = list(super().get_fieldsets(request, obj))
        if obj is None:
            return fieldsets
        name, options = fieldsets[0]
        fieldsets[0] = (name, {**options, "fields": (*options["fields"], "sales")})
        if obj.is_published and self.has_change_permission(request, obj):
            fieldsets.insert([name for name, _ in fieldsets].index("Where") + 1, TELLING)
        return fieldsets

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        event = form.instance
        _offer_places_after_commit(event)
        if event.is_published and (news := form.news()):
            self._tell_buyers(request, event, news)

    def publish(self, request: HttpRequest, event: Event) -> None:
        super().publish(request, event)
        _offer_places_after_commit(event)

    def cancel(self, request: HttpRequest, event: Event) -> None:
        cancel_event_and_bookings(event=event, by=Actor.admin(request.user))

    def consequence_of_cancelling(self, events: Iterable[Event]) -> str:
        affected = affected_by_cancelling(list(events))
        text = super().consequence_of_cancelling(events)
        if not affected.bookings:
            return f"{text} Nobody has booked yet."
        return (
            f"{text} {_counted(affected.bookings, 'booking')} with"
            f" {_counted(affected.tickets, 'ticket')} will be cancelled for good, and each of"
            f" {_counted(affected.buyers, 'buyer')} will be told by mail."
        )

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

    @admin.display(description="sales")
    def sales(self, event: Event) -> str:
        """Links to what was sold, and to what sells."""
        counts = {
            "booking": event.bookings.count(),
            "promocode": event.promo_codes.count(),
            "waitlistentry": WaitlistEntry.objects.filter(ticket_type__event=event).count(),
            "notice": event.notices.count(),
        }
        query = urlencode({"event": event.pk})
        links = [
            (reverse(f"admin:bookings_{model}_changelist"), query, _counted(counts[model], noun))
            for model, noun in SOLD.items()
        ]
        links.append((reverse("admin:bookings_promocode_add"), query, "add a promo code"))
        return format_html_join(" · ", '<a href="{}?{}">{}</a>', links)

    def _tell_buyers(self, request: HttpRequest, event: Event, news: dict[str, str]) -> None:
        buyers = Booking.objects.confirmed().filter(event=event).count()
        if buyers:
            tell_of_change(event=event, by=Actor.admin(request.user), **news)
            verb = "is" if buyers == 1 else "are"
            self.message_user(
                request, f"{_counted(buyers, 'buyer')} {verb} being told.", messages.SUCCESS
            )


def _counted(count: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"


def _offer_places_after_commit(event: Event) -> None:
    """Those who wait need not wait for the next run of the job."""
    ticket_type_ids = list(event.ticket_types.values_list("pk", flat=True))
    transaction.on_commit(partial(offer_some_places, ticket_type_ids=ticket_type_ids), robust=True)


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
