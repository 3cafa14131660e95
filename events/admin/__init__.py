from events.admin.catalogue import CategoryAdmin, CityAdmin, HostAdmin
from events.admin.event import EventAdmin
from events.admin.host_news import HostNewsAdmin
from events.admin.review import ReviewAdmin, ReviewReportAdmin
from events.admin.saved_search import AlertAdmin, SavedSearchAdmin

__all__ = [
    "AlertAdmin",
    "CategoryAdmin",
    "CityAdmin",
    "EventAdmin",
    "HostAdmin",
    "HostNewsAdmin",
    "ReviewAdmin",
    "ReviewReportAdmin",
    "SavedSearchAdmin",
]
