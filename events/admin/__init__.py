from events.admin.catalogue import CategoryAdmin, CityAdmin, HostAdmin, ReviewAdmin
from events.admin.event import EventAdmin

__all__ = ["CategoryAdmin", "CityAdmin", "EventAdmin", "HostAdmin", "ReviewAdmin"]
