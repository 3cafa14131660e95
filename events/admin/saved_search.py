"""What people look for, and the mail about it that waits to be sent."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import Truncator

from eventmate.admin_lists import LongListAdmin
from eventmate.look_only import LookOnly
from events.forms.addresses import EVERYTHING
from events.models import Alert, MailFrequency, SavedSearch
from events.services.saved_searches import change_search

LONGEST_SHOWN = 120


@admin.register(SavedSearch)
class SavedSearchAdmin(LongListAdmin):
    """To see who is told of what, and to end it. What is looked for only its owner says."""

    list_display = ("name", "user", "asked", "frequency", "last_mail", "looked_at")
    list_select_related = ("user",)
    list_filter = ("frequency", ("mailed_at", admin.EmptyFieldListFilter), "has_moving_days")
    search_fields = ("user__email", "user__name", "name", "query")
    search_help_text = "E-mail address or name of the owner, or what is looked for."
    date_hierarchy = "created_at"
    fields = (
        *("name", "user", "asked", "frequency"),
        *("last_mail", "looked_at", "told_until", "created_at"),
    )
    readonly_fields = ("user", "asked", "last_mail", "looked_at", "told_until", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: SavedSearch, form: Any, change: bool) -> None:
        change_search(search=obj, name=obj.name, frequency=MailFrequency(obj.frequency))

    @admin.display(description="last mail", ordering="mailed_at")
    def last_mail(self, search: SavedSearch) -> dt.datetime | None:
        return search.mailed_at

    @admin.display(description="looks for", ordering="query")
    def asked(self, search: SavedSearch) -> str:
        """The parameters of its address: to name each city and host would take queries by the
        row.
        """
        parts = [f"{name}: {value}" for name, value in parse_qsl(search.query)]
        text = Truncator(", ".join(parts) or EVERYTHING).chars(LONGEST_SHOWN)
        return format_html('<a href="{}">{}</a>', search.get_absolute_url(), text)


@admin.register(Alert)
class AlertAdmin(LookOnly, LongListAdmin):
    """What is here for long could not be sent, and says why."""

    list_display = ("search", "recipient", "total", "queued_at", "error")
    list_select_related = ("search__user",)
    list_filter = (("error", admin.EmptyFieldListFilter), "search__frequency")
    search_fields = ("search__user__email", "search__name", "message_id")
    search_help_text = "E-mail address of the owner, or name of the search."
    ordering = ("-queued_at",)
    date_hierarchy = "queued_at"
    fields = ("search", "recipient", "event_ids", "total", "queued_at", "error", "message_id")

    @admin.display(ordering="search__user__email")
    def recipient(self, alert: Alert) -> str:
        return alert.search.user.email

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may delete a search or an account may delete the mail that waits about it."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
