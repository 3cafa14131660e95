"""Counting an event's bookings and tickets one by one, as the figures must come out."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bookings.figures.reading import read_sales, read_visits
from bookings.models import Booking, BookingStatus, Ticket
from events.models import Event


def told(event: Event) -> dict[str, Any]:
    """What the pages are made of."""
    sales = read_sales(event)
    return {
        "days": {(sold.of, sold.currency): (sold.tickets, sold.revenue) for sold in sales.by_day},
        "types": {sold.of: (sold.tickets, sold.revenue) for sold in sales.by_ticket_type},
        "sources": {sold.of: (sold.tickets, sold.revenue) for sold in sales.by_source},
        "bookings": {visit.day: visit.bookings for visit in read_visits(event) if visit.bookings},
    }


def counted(event: Event) -> dict[str, Any]:
    """The same from the rows themselves."""
    days: dict[Any, Any] = {}
    types: dict[Any, Any] = {}
    sources: dict[Any, Any] = {}
    for ticket in Ticket.objects.filter(
        booking__event=event, booking__status=BookingStatus.CONFIRMED
    ).select_related("booking"):
        booking = ticket.booking
        for group, key in (
            (days, (_day(event, booking), booking.currency)),
            (types, ticket.ticket_type_id),
            (sources, booking.source),
        ):
            tickets, revenue = group.get(key, (0, Decimal(0)))
            group[key] = (tickets + 1, revenue + ticket.price)
    bookings = Counter(_day(event, row) for row in event.bookings.confirmed())
    return {"days": days, "types": types, "sources": sources, "bookings": dict(bookings)}


def _day(event: Event, booking: Booking) -> dt.date:
    return booking.confirmed_at.astimezone(ZoneInfo(event.timezone)).date()
