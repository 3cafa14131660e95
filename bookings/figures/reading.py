"""What is known of an event's sales and visits: the days as they were added up, and what has
changed since, in one statement each, so that nothing is counted twice or not at all.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from events.models import Event

SALES = """
    WITH sales AS (
        SELECT day, ticket_type_id, source, currency, tickets, revenue
          FROM bookings_dailysales WHERE event_id = %(event)s
        UNION ALL
        SELECT timezone(%(zone)s, booked_at)::date, ticket_type_id, source, currency, tickets,
               revenue
          FROM bookings_saleschange WHERE event_id = %(event)s AND ticket_type_id IS NOT NULL
    )
    SELECT grouping(day, ticket_type_id, source), day, ticket_type_id, source, currency,
           sum(tickets), sum(revenue)
      FROM sales
     GROUP BY GROUPING SETS ((day, currency), (ticket_type_id, currency), (source, currency))
    HAVING sum(tickets) <> 0 OR sum(revenue) <> 0
"""
# What grouping() says of each set: which of the three columns are not part of it.
BY_DAY, BY_TICKET_TYPE, BY_SOURCE = 0b011, 0b101, 0b110

VISITS = """
    SELECT day, sum(views), sum(bookings) FROM (
        SELECT day, views, bookings FROM bookings_dailyvisits WHERE event_id = %(event)s
        UNION ALL
        SELECT timezone(%(zone)s, booked_at)::date, 0, bookings
          FROM bookings_saleschange WHERE event_id = %(event)s AND ticket_type_id IS NULL
    ) AS visits GROUP BY day HAVING sum(views) <> 0 OR sum(bookings) <> 0
"""

REVENUE = """
    SELECT event_id, currency, sum(revenue) FROM (
        SELECT event_id, currency, revenue FROM bookings_dailysales
         WHERE event_id = ANY (%(events)s)
        UNION ALL
        SELECT event_id, currency, revenue FROM bookings_saleschange
         WHERE event_id = ANY (%(events)s) AND ticket_type_id IS NOT NULL
    ) AS sales GROUP BY event_id, currency HAVING sum(revenue) <> 0 ORDER BY event_id, currency
"""

WAITING = """
    SELECT entry.ticket_type_id,
           count(*) FILTER (WHERE entry.status = 'waiting'),
           coalesce(sum(entry.quantity) FILTER (WHERE entry.status = 'waiting'), 0),
           count(offer.id),
           count(*) FILTER (WHERE offer.status = 'confirmed')
      FROM bookings_waitlistentry AS entry
      LEFT JOIN bookings_booking AS offer ON offer.id = entry.offer_id
     WHERE entry.ticket_type_id = ANY (%(ticket_types)s)
     GROUP BY entry.ticket_type_id
"""


@dataclass(frozen=True, slots=True)
class Sold:
    """Tickets and what they cost, of one day, one ticket type or one source."""

    of: Any
    currency: str
    tickets: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class Visited:
    day: dt.date
    views: int
    bookings: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """People in line and the places that they want; offers made, and those that were taken."""

    ticket_type_id: int
    people: int
    places: int
    offers: int
    taken: int


@dataclass(frozen=True, slots=True)
class Sales:
    """``of`` is a date, the primary key of a ticket type, and a source."""

    by_day: list[Sold]
    by_ticket_type: list[Sold]
    by_source: list[Sold]

    @property
    def currencies(self) -> list[str]:
        return currencies_of(self.by_source)

    def revenue_in(self, currency: str) -> Decimal:
        earned = (sold.revenue for sold in self.by_source if sold.currency == currency)
        return sum(earned, Decimal(0))


def currencies_of(sales: Iterable[Sold]) -> list[str]:
    """Those in which anything was earned; the one that sold most tickets first."""
    tickets: dict[str, int] = {}
    for sold in sales:
        if sold.revenue:
            tickets[sold.currency] = tickets.get(sold.currency, 0) + sold.tickets
    return sorted(tickets, key=lambda currency: (-tickets[currency], currency))


def read_sales(event: Event) -> Sales:
    sets: dict[int, list[Sold]] = {BY_DAY: [], BY_TICKET_TYPE: [], BY_SOURCE: []}
    for missing, day, ticket_type_id, source, currency, tickets, revenue in _rows(SALES, event):
        of = {BY_DAY: day, BY_TICKET_TYPE: ticket_type_id, BY_SOURCE: source}[missing]
        sets[missing].append(Sold(of, currency, tickets, revenue))
    return Sales(sets[BY_DAY], sets[BY_TICKET_TYPE], sets[BY_SOURCE])


def read_revenue(event_ids: Collection[int]) -> dict[int, list[tuple[str, Decimal]]]:
    """What the confirmed bookings of each event come to, by currency."""
    revenue: dict[int, list[tuple[str, Decimal]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(REVENUE, {"events": list(event_ids)})
        for event_id, currency, amount in cursor.fetchall():
            revenue.setdefault(event_id, []).append((currency, amount))
    return revenue


def read_visits(event: Event) -> list[Visited]:
    return [Visited(*row) for row in _rows(VISITS, event)]


def read_waiting(ticket_type_ids: Sequence[int]) -> dict[int, Waiting]:
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"ticket_types": list(ticket_type_ids)})
        return {row[0]: Waiting(*row) for row in cursor.fetchall()}


def _rows(statement: str, event: Event) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"event": event.pk, "zone": event.timezone})
        yield from cursor.fetchall()
