from bookings.admin.booking import BookingAdmin
from bookings.admin.event import EventWithBookingsAdmin
from bookings.admin.figures import FiguresAdmin
from bookings.admin.inventory_check import InventoryCheckAdmin
from bookings.admin.message import MessageAdmin, NoticeAdmin
from bookings.admin.promo_code import PromoCodeAdmin
from bookings.admin.ticket import TicketAdmin
from bookings.admin.waitlist import WaitlistEntryAdmin

__all__ = [
    "BookingAdmin",
    "EventWithBookingsAdmin",
    "FiguresAdmin",
    "InventoryCheckAdmin",
    "MessageAdmin",
    "NoticeAdmin",
    "PromoCodeAdmin",
    "TicketAdmin",
    "WaitlistEntryAdmin",
]
