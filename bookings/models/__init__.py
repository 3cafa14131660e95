from bookings.models.attendee_import import AttendeeImport, ImportState
from bookings.models.booking import Booking, BookingLine, PaymentMethod
from bookings.models.change import BookingChange
from bookings.models.check_in import CheckIn, CheckInWay
from bookings.models.figures import (
    DailyGrowth,
    DailySales,
    DailyVisits,
    PlatformSales,
    SalesChange,
)
from bookings.models.inventory_check import InventoryCheck
from bookings.models.message import Message, MessageKind, MessageState, Notice, NoticeKind
from bookings.models.promo_code import CodeState, DiscountKind, PromoCode
from bookings.models.question import Answer, Question, QuestionKind
from bookings.models.ticket import Ticket, VoidCode
from bookings.models.waitlist import WaitlistEntry, WaitlistStatus
from bookings.states import BookingStatus

__all__ = [
    "Answer",
    "AttendeeImport",
    "Booking",
    "BookingChange",
    "BookingLine",
    "BookingStatus",
    "CheckIn",
    "CheckInWay",
    "CodeState",
    "DailyGrowth",
    "DailySales",
    "DailyVisits",
    "DiscountKind",
    "ImportState",
    "InventoryCheck",
    "Message",
    "MessageKind",
    "MessageState",
    "Notice",
    "NoticeKind",
    "PaymentMethod",
    "PlatformSales",
    "PromoCode",
    "Question",
    "QuestionKind",
    "SalesChange",
    "Ticket",
    "VoidCode",
    "WaitlistEntry",
    "WaitlistStatus",
]
