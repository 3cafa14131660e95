from bookings.admin.booking import BookingAdmin
from bookings.admin.event import EventWithBookingsAdmin
from bookings.admin.ticket import TicketAdmin

__all__ = ["BookingAdmin", "EventWithBookingsAdmin", "TicketAdmin"]
