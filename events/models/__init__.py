from events.models.event import Event, EventStatus
from events.models.feedback import (
    Favorite,
    ReportOutcome,
    ReportReason,
    Review,
    ReviewReply,
    ReviewReport,
)
from events.models.follower import HostFollower, HostNews, NewsReader, ToldEvent
from events.models.host import Host, HostMember, HostRole
from events.models.image import EventImage, ImageState
from events.models.listing import GoneListing, Listing, ListingSource
from events.models.page_change import PageChange
from events.models.place import Category, City
from events.models.saved_search import Alert, MailFrequency, SavedSearch
from events.models.search_index import SearchIndex
from events.models.series import EventSeries
from events.models.shared_capacity import SharedCapacity
from events.models.team import HostChange, HostChangeKind, HostInvitation
from events.models.ticket_type import SaleState, TicketStock, TicketType

__all__ = [
    "Alert",
    "Category",
    "City",
    "Event",
    "EventImage",
    "EventSeries",
    "EventStatus",
    "Favorite",
    "GoneListing",
    "Host",
    "HostChange",
    "HostChangeKind",
    "HostFollower",
    "HostInvitation",
    "HostMember",
    "HostNews",
    "HostRole",
    "ImageState",
    "Listing",
    "ListingSource",
    "MailFrequency",
    "NewsReader",
    "PageChange",
    "ReportOutcome",
    "ReportReason",
    "Review",
    "ReviewReply",
    "ReviewReport",
    "SaleState",
    "SavedSearch",
    "SearchIndex",
    "SharedCapacity",
    "TicketStock",
    "TicketType",
    "ToldEvent",
]
