import datetime as dt
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html

from bookings.access import booking_link
from bookings.actors import Actor
from bookings.admin.change import BookingChangeInline
from bookings.admin.filters import EventFilter, EventStatusFilter, MailFilter
from bookings.admin.finding import booking_matching
from bookings.admin.message import MessageInline
from bookings.admin.rows import (
    BOOKING_HEADER,
    TICKET_HEADER,
    booking_rows,
    ticket_rows,
)
from bookings.admin.ticket import TicketInline
from bookings.exceptions import BookingError
from bookings.models import Booking, Ticket
from bookings.services.booking import cancel_booking
from bookings.services.contact import change_buyer
from bookings.services.resending import send_confirmation
from eventmate.admin_actions import change_each, confirmation_page
from eventmate.admin_lists import LongListAdmin
from eventmate.csv_export import csv_response


class BuyerForm(forms.ModelForm):
    """All of a booking that an operator may put right: who it is for."""

    class Meta:
        model = Booking
        fields = ("name", "email", "user")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "email" in self.fields:
            self.fields["email"].required = self.instance.is_confirmed


@admin.register(Booking)
class BookingAdmin(LongListAdmin):
    form = BuyerForm
    list_display = ("reference", "event", "status", "tickets", "price", "name", "email", "booked")
    list_select_related = ("event",)
    list_filter = ("status", MailFilter, "payment_method", EventFilter, EventStatusFilter)
    search_fields = ("reference", "email", "name", "event__title", "tickets__code")
    search_help_text = (
        "Reference or ticket code; words of the name, of the e-mail address or of an event’s title"
        " (that at most 200 have), as far as you know them."
    )
    sorted_by_index: ClassVar = {"created_at": ("created_at",), "reference": ("reference",)}
    date_hierarchy = "created_at"
    autocomplete_fields = ("user",)
    inlines = (TicketInline, MessageInline, BookingChangeInline)
    actions = ("cancel_selected", "send_confirmation", "export_csv", "export_tickets_csv")
    readonly_fields = (
        "reference",
        "event",
        "event_time",
        "status",
        "price",
        "discount",
        "promo_code",
        "is_offer",
        "payment_method",
        "link",
        "source",
        "booked",
        "held_until",
        "confirmed",
        "cancelled",
    )
    fieldsets = (
        (None, {"fields": ("reference", "status", "is_offer", "source", "event", "event_time")}),
        (
            "Who",
            {
                "fields": ("name", "email", "user", "link"),
                "description": "Whoever has the link sees the booking and can cancel it.",
            },
        ),
        ("Paying", {"fields": ("price", "discount", "promo_code", "payment_method")}),
        (
            "Times, by the clock of the event",
            {"fields": ("booked", "held_until", "confirmed", "cancelled")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        tickets = Ticket.objects.filter(booking=OuterRef("pk")).order_by().values("booking")
        count = Subquery(tickets.annotate(count=Count("pk")).values("count"))
        return super().get_queryset(request).annotate(ticket_count=Coalesce(count, 0))

    def found_by(self, terms: list[str]) -> Q:
        return booking_matching(terms)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Booking | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Booking, form: Any, change: bool) -> None:
        """Only what was changed: a buyer may be confirming or cancelling at the same moment."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        change_buyer(booking=obj, changes=changes, by=Actor.admin(request.user))

    def view_on_site(self, booking: Booking) -> str:
        return booking_link(booking)

    @admin.display(ordering="ticket_count")
    def tickets(self, booking: Any) -> int:
        return booking.ticket_count

    @admin.display(description="total", ordering="total")
    def price(self, booking: Booking) -> str:
        return f"{booking.total} {booking.currency}"

    @admin.display(description="event’s time")
    def event_time(self, booking: Booking) -> str:
        schedule = booking.event.schedule
        return f"{schedule.dates} {schedule.hours} {schedule.zone}".strip()

    @admin.display(description="link for the buyer")
    def link(self, booking: Booking) -> str:
        address = settings.PUBLIC_URL + booking_link(booking)
        return format_html('<a href="{}">{}</a>', address, address)

    @admin.display(ordering="created_at")
    def booked(self, booking: Booking) -> str:
        return _on_clock_of_event(booking, "created_at")

    @admin.display(description="held until")
    def held_until(self, booking: Booking) -> str:
        return _on_clock_of_event(booking, "expires_at")

    def confirmed(self, booking: Booking) -> str:
        return _on_clock_of_event(booking, "confirmed_at")

    def cancelled(self, booking: Booking) -> str:
        return _on_clock_of_event(booking, "cancelled_at")

    @admin.action(description="Cancel selected bookings …", permissions=["change"])
    def cancel_selected(
        self, request: HttpRequest, queryset: QuerySet[Booking]
    ) -> TemplateResponse | None:
        if "confirmed" not in request.POST:
            return confirmation_page(
                self,
                request,
                queryset,
                action="cancel_selected",
                question="Cancel these bookings?",
                consequence=(
                    "Their places are free for others at once, and this cannot be taken back."
                    " Each buyer is told by mail."
                ),
                button="Yes, cancel them",
                describe=lambda booking: f"{booking}: {booking.name}, {booking.event}",
            )
        change_each(
            self,
            request,
            queryset,
            lambda booking: cancel_booking(
                booking=booking, by=Actor.admin(request.user), reason="Cancelled by an admin."
            ),
            done="cancelled",
            refused_by=BookingError,
        )
        return None

    @admin.action(description="Send the confirmation again", permissions=["change"])
    def send_confirmation(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        change_each(
            self,
            request,
            queryset,
            lambda booking: send_confirmation(booking=booking),
            done="sent a confirmation",
            refused_by=BookingError,
        )

    @admin.action(description="Export selected bookings as CSV", permissions=["view"])
    def export_csv(
        self, request: HttpRequest, queryset: QuerySet[Booking]
    ) -> StreamingHttpResponse:
        return csv_response(
            filename="bookings.csv", header=BOOKING_HEADER, rows=booking_rows(queryset)
        )

    @admin.action(description="Export their tickets as CSV", permissions=["view"])
    def export_tickets_csv(
        self, request: HttpRequest, queryset: QuerySet[Booking]
    ) -> StreamingHttpResponse:
        tickets = Ticket.objects.filter(booking__in=queryset.values("pk"))
        return csv_response(filename="tickets.csv", header=TICKET_HEADER, rows=ticket_rows(tickets))


def _on_clock_of_event(booking: Booking, field: str) -> str:
    instant: dt.datetime | None = getattr(booking, field)
    if instant is None:
        return "–"
    return f"{instant.astimezone(ZoneInfo(booking.event.timezone)):%d %b %Y, %H:%M %Z}"
