"""Bookings and tickets as iCalendar files. The entry is the event's own, with the same UID, so that
a calendar that has it already updates it.
"""

import datetime as dt

import icalendar

from bookings.models import Booking, Ticket
from events.calendars import calendar_with, entry_of

REMINDER = dt.timedelta(hours=1)


def booking_calendar(booking: Booking, url: str) -> bytes:
    """``url`` is the booking's private link, with the site in front."""
    return _calendar_of(booking, f"Your booking {booking.reference}:", url)


def ticket_calendar(ticket: Ticket, url: str) -> bytes:
    """``url`` is the ticket's private link, with the site in front."""
    return _calendar_of(ticket.booking, f"Ticket of {ticket.attendee_name}:", url)


def _calendar_of(booking: Booking, note: str, url: str) -> bytes:
    entry = entry_of(booking.event, url, note)
    if not booking.is_confirmed:
        entry["status"] = icalendar.vText("CANCELLED")
    if booking.has_valid_tickets and not booking.event.is_all_day:
        entry.add_component(_reminder(booking.event.title))
    return calendar_with(entry, booking.event)


def _reminder(title: str) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -REMINDER)
    return alarm
