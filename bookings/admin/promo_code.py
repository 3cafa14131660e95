from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import pluralize

from bookings.admin.filters import EventFilter
from bookings.forms.promo_code import PromoCodeForm
from bookings.keys import is_key
from bookings.models import DiscountKind, PromoCode
from eventmate.admin_lists import LongListAdmin


@admin.register(PromoCode)
class PromoCodeAdmin(LongListAdmin):
    form = PromoCodeForm
    list_display = ("code", "event", "discount", "used", "starts_at", "ends_at", "is_active")
    list_select_related = ("event",)
    list_filter = ("is_active", "kind", EventFilter)
    search_fields = ("code", "event__title")
    search_help_text = "Code or title of the event."
    autocomplete_fields = ("event",)
    fieldsets = (
        (None, {"fields": ("event", "code", "is_active")}),
        (
            "What it does",
            {
                "fields": (("kind", "value"), "ticket_types"),
                "description": "Of a new code, the tickets can be chosen once its event is saved.",
            },
        ),
        ("When", {"fields": (("starts_at", "ends_at"),)}),
        ("How often", {"fields": ("used", ("max_uses", "max_uses_per_person"))}),
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: PromoCode | None = None
    ) -> tuple[str, ...]:
        return ("used",) if obj is None else ("event", "used")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What a link to this page says, but for an event that cannot be one."""
        initial = super().get_changeform_initial_data(request)
        return initial if is_key(str(initial.get("event", ""))) else {}

    def save_model(self, request: HttpRequest, obj: PromoCode, form: Any, change: bool) -> None:
        """Only what was changed: its uses are being counted meanwhile."""
        many = {field.name for field in PromoCode._meta.many_to_many}
        obj.save(update_fields=[n for n in form.changed_data if n not in many] if change else None)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Codes that were used stay; a line for each says so, not a list of all bookings."""
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        if protected:
            return to_delete, counts, set(), _why_protected(objs)
        return to_delete, counts, perms_needed, protected

    def discount(self, code: PromoCode) -> str:
        if code.kind == DiscountKind.NONE:
            return "shows hidden tickets"
        unit = " %" if code.kind == DiscountKind.PERCENT else " a ticket"
        return f"{code.value.normalize():f}{unit}"

    @admin.display(ordering="uses")
    def used(self, code: PromoCode) -> str:
        return str(code.uses) if code.max_uses is None else f"{code.uses} of {code.max_uses}"


def _why_protected(codes: "QuerySet[PromoCode] | list[PromoCode]") -> list[str]:
    return [
        f"“{code}” is in {count} booking{pluralize(count)}, old ones included, and cannot be"
        " deleted. Switch it off instead."
        for code in codes
        if (count := code.bookings.count())
    ]
