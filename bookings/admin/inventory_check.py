from django.contrib import admin

from bookings.models import InventoryCheck
from eventmate.look_only import LookOnly


@admin.register(InventoryCheck)
class InventoryCheckAdmin(LookOnly, admin.ModelAdmin):
    list_display = ("checked_at", "counters", "differences", "repaired")
    list_filter = ("repaired",)
    list_per_page = 50
    date_hierarchy = "checked_at"
