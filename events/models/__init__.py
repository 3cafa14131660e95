from events.models.event import Event, EventStatus
from events.models.feedback import Favorite, Review
from events.models.host import Host, HostMember, HostRole
from events.models.image import EventImage, ImageState
from events.models.listing import GoneListing, Listing, ListingSource
from events.models.place import Category, City
from events.models.saved_search import Alert, MailFrequency, SavedSearch
from events.models.search_index import SearchIndex
from events.models.team import HostChange, HostChangeKind, HostInvitation
from events.models.ticket_type import SaleState, TicketStock, TicketType

__all__ = [
    "Alert",
    "Category",
    "City",
    "Event",
    "EventImage",
    "EventStatus",
    "Favorite",
    "GoneListing",
    "Host",
    "HostChange",
    "HostChangeKind",
    "HostInvitation",
    "HostMember",
    "HostRole",
    "ImageState",
    "Listing",
    "ListingSource",
    "MailFrequency",
    "Review",
    "SaleState",
    "SavedSearch",
    "SearchIndex",
    "TicketStock",
    "TicketType",
]
