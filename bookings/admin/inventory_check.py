from django.contrib import admin

from bookings.models import InventoryCheck
from eventmate.admin_lists import LongListAdmin
from eventmate.look_only import LookOnly


@admin.register(InventoryCheck)
class InventoryCheckAdmin(LookOnly, LongListAdmin):
    list_display = ("checked_at", "counters", "differences", "repaired")
    list_filter = ("repaired",)
    date_hierarchy = "checked_at"
