from bookings.models.booking import Booking, BookingLine, PaymentMethod
from bookings.models.change import BookingChange
from bookings.models.inventory_check import InventoryCheck
from bookings.models.message import Message, MessageKind, MessageState, Notice, NoticeKind
from bookings.models.promo_code import DiscountKind, PromoCode
from bookings.models.ticket import Ticket, VoidCode
from bookings.models.waitlist import WaitlistEntry, WaitlistStatus
from bookings.states import BookingStatus

__all__ = [
    "Booking",
    "BookingChange",
    "BookingLine",
    "BookingStatus",
    "DiscountKind",
    "InventoryCheck",
    "Message",
    "MessageKind",
    "MessageState",
    "Notice",
    "NoticeKind",
    "PaymentMethod",
    "PromoCode",
    "Ticket",
    "VoidCode",
    "WaitlistEntry",
    "WaitlistStatus",
]
