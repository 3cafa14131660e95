from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from eventmate.admin_lists import LongListAdmin
from eventmate.look_only import LookOnly
from events.models import HostNews


@admin.register(HostNews)
class HostNewsAdmin(LookOnly, LongListAdmin):
    """Mail to followers. What is here for long could not be sent, and says why."""

    list_display = ("recipient", "total", "queued_at", "error")
    list_select_related = ("reader__user",)
    list_filter = (("error", admin.EmptyFieldListFilter),)
    search_fields = ("reader__user__email", "message_id")
    search_help_text = "E-mail address of the reader."
    ordering = ("-queued_at",)
    date_hierarchy = "queued_at"
    fields = ("recipient", "event_ids", "total", "queued_at", "error", "message_id")

    @admin.display(ordering="reader__user__email")
    def recipient(self, news: HostNews) -> str:
        return news.reader.user.email

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may delete an account may delete the mail that waits for it."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
