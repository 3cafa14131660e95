from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest

# What an operator opens most comes first; what is not named follows, as Django orders it.
APPS = ("events", "bookings", "accounts", "account", "auth")
MODELS = ("Event", "Host", "City", "Category", "Review", "ReviewReport", "Booking", "Ticket")


class EventMateAdminSite(AdminSite):
    site_header = "EventMate"
    site_title = "EventMate"
    index_title = "Administration"
    enable_nav_sidebar = False  # lists need its room

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: _place(model["object_name"], MODELS))
        return sorted(apps, key=lambda app: _place(app["app_label"], APPS))


class EventMateAdminConfig(AdminConfig):
    """Django's admin with this site. INSTALLED_APPS names it instead of django.contrib.admin."""

    default_site = "eventmate.admin_site.EventMateAdminSite"


def _place(name: str, order: tuple[str, ...]) -> int:
    return order.index(name) if name in order else len(order)
