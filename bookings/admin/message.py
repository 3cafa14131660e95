"""Mails, what became of them, and what all buyers of an event are told."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from bookings.admin.filters import EventFilter
from bookings.admin.finding import message_matching
from bookings.exceptions import BookingError
from bookings.models import Message, Notice
from bookings.services.notices import progress_of
from bookings.services.resending import resend_to_present_address
from eventmate.admin_actions import change_each
from eventmate.admin_lists import LongListAdmin
from eventmate.look_only import LookOnly

STATE = ("kind", "recipient", "state", "error", "attempts", "queued_at", "sent_at")


class MessageInline(LookOnly, admin.TabularInline):
    model = Message
    verbose_name_plural = "mails"
    fields = readonly_fields = STATE
    extra = 0


class EventOfMessageFilter(EventFilter):
    path_to_event = "booking__event"


@admin.register(Message)
class MessageAdmin(LookOnly, LongListAdmin):
    list_display = ("kind", "recipient", "state", "error", "about", "queued_at", "sent_at")
    list_select_related = ("booking", "waitlist_entry")
    list_filter = ("state", "kind", EventOfMessageFilter)
    search_fields = ("recipient", "booking__reference", "waitlist_entry__reference")
    search_help_text = "Beginning of the address; reference of a booking or of a place in line."
    sorted_by_index: ClassVar = {"queued_at": ("pk",)}  # they are queued as they are written
    actions = ("send_again",)
    fields = (*STATE, "about", "notice", "occasion", "message_id")

    def found_by(self, terms: list[str]) -> Q:
        return message_matching(terms)

    @admin.display(description="about")
    def about(self, message: Message) -> str:
        row = message.booking or message.waitlist_entry
        if row is None:
            return "–"
        address = reverse(f"admin:bookings_{row._meta.model_name}_change", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, row.reference)

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("bookings.change_message")

    @admin.action(description="Send again", permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        change_each(
            self,
            request,
            queryset.select_related("booking", "waitlist_entry"),
            lambda message: resend_to_present_address(message=message),
            done="sent again",
            refused_by=BookingError,
        )


@admin.register(Notice)
class NoticeAdmin(LookOnly, LongListAdmin):
    list_display = ("kind", "event", "by", "bookings_to_tell", "created_at", "finished_at")
    list_select_related = ("event", "by")
    list_filter = ("kind", EventFilter)
    search_fields = ("event__title",)
    search_help_text = "Title of the event."
    date_hierarchy = "created_at"
    fields = (
        "kind",
        "event",
        "subject",
        "text",
        "is_to_all",
        "is_to_absent",
        "ticket_types",
        "old_time",
        "old_place",
        "by",
        "role",
        "created_at",
        "started_at",
        "progress",
        "finished_at",
    )

    def progress(self, notice: Any) -> str:
        done = progress_of(notice)
        return (
            f"{done.done} of {done.bookings} bookings; mails: {done.sent} sent,"
            f" {done.on_their_way} on their way, {done.failed} failed"
        )
