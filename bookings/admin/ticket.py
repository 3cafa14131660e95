from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils.html import format_html

from bookings.admin.filters import EventOfTicketFilter
from bookings.admin.finding import ticket_matching
from bookings.admin.rows import TICKET_HEADER, ticket_rows
from bookings.models import Ticket
from eventmate.admin_lists import LongListAdmin
from eventmate.csv_export import csv_response
from eventmate.look_only import LookOnly


class TicketInline(LookOnly, admin.TabularInline):
    model = Ticket
    fields = ("ticket_type", "price", "attendee_name", "holder_email")  # below its code
    readonly_fields = fields
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("ticket_type")


@admin.register(Ticket)
class TicketAdmin(LookOnly, LongListAdmin):
    list_display = (
        "code",
        "attendee_name",
        "holder_email",
        "ticket_type",
        "event",
        "booking_link",
        "status",
    )
    list_select_related = ("ticket_type", "booking__event")
    list_filter = ("booking__status", EventOfTicketFilter)
    search_fields = (
        "code",
        "void_codes__code",
        "attendee_name",
        "holder_email",
        "booking__reference",
        "booking__email",
    )
    search_help_text = (
        "Code, also a void one, or booking reference; words of the attendee’s or the buyer’s name"
        " or e-mail address (that at most 200 bookings have), as far as you know them."
    )
    sorted_by_index: ClassVar = {"code": ("code",)}
    date_hierarchy = "booking__event__start_date"
    ordering = ("-pk",)
    actions = ("export_csv",)
    fields = (
        "code",
        "booking_link",
        "ticket_type",
        "price",
        "attendee_name",
        "holder_email",
        "checked_in",
        "void",
    )

    def found_by(self, terms: list[str]) -> Q:
        return ticket_matching(terms)

    @admin.display(ordering="booking__event__title")
    def event(self, ticket: Ticket) -> str:
        return ticket.booking.event.title

    @admin.display(description="booking", ordering="booking__reference")
    def booking_link(self, ticket: Ticket) -> str:
        address = reverse("admin:bookings_booking_change", args=[ticket.booking_id])
        return format_html('<a href="{}">{}</a>', address, ticket.booking.reference)

    @admin.display(ordering="booking__status")
    def status(self, ticket: Ticket) -> str:
        return ticket.booking.get_status_display()

    @admin.display(description="checked in")
    def checked_in(self, ticket: Ticket) -> str:
        return ticket.check_in.said(ticket.booking.event) if ticket.is_checked_in else "–"

    @admin.display(description="void codes")
    def void(self, ticket: Ticket) -> str:
        return ", ".join(code.code for code in ticket.void_codes.all()) or "–"

    @admin.action(description="Export selected tickets as CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> StreamingHttpResponse:
        return csv_response(
            filename="tickets.csv", header=TICKET_HEADER, rows=ticket_rows(queryset)
        )
