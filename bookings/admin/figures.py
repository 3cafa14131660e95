"""The figures of the whole platform, at the place of the list of days."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse

from bookings.figures.platform import platform_figures
from bookings.models import DailySales
from eventmate.look_only import LookOnly


@admin.register(DailySales)
class FiguresAdmin(LookOnly, admin.ModelAdmin):
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        by_week = request.GET.get("by") == "week"
        context = {
            **self.admin_site.each_context(request),
            "title": "Figures of the platform",
            "opts": self.opts,
            "by_week": by_week,
            "figures": platform_figures(by_week=by_week),
        }
        return TemplateResponse(request, "admin/bookings/figures.html", context)
