from events.admin.catalogue import CategoryAdmin, CityAdmin, HostAdmin, ReviewAdmin
from events.admin.event import EventAdmin
from events.admin.saved_search import AlertAdmin, SavedSearchAdmin

__all__ = [
    "AlertAdmin",
    "CategoryAdmin",
    "CityAdmin",
    "EventAdmin",
    "HostAdmin",
    "ReviewAdmin",
    "SavedSearchAdmin",
]
