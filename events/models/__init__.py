from events.models.event import Event, EventImage, EventStatus
from events.models.feedback import Favorite, Review
from events.models.host import Host, HostMember, HostRole
from events.models.place import Category, City
from events.models.ticket_type import SaleState, TicketStock, TicketType

__all__ = [
    "Category",
    "City",
    "Event",
    "EventImage",
    "EventStatus",
    "Favorite",
    "Host",
    "HostMember",
    "HostRole",
    "Review",
    "SaleState",
    "TicketStock",
    "TicketType",
]
