"""Keeping the figures by day: docs/adr/0029-figures.md."""

import logging

from django.db import Error, connection

from events.models import Event
from events.page_views import Counts, give_back_counts, take_counts

# Changes that a statement adds to the days, and events whose days it compares with their bookings.
CHANGES_AT_ONCE = 10_000
EVENTS_AT_ONCE = 1_000

ADD_CHANGES = """
    WITH taken AS (
        DELETE FROM bookings_saleschange
         WHERE id IN (SELECT id FROM bookings_saleschange ORDER BY id LIMIT %(most)s)
        RETURNING *
    ), placed AS (
        SELECT taken.*, timezone(event.timezone, booked_at)::date AS day
          FROM taken JOIN events_event AS event ON event.id = taken.event_id
    ), sales AS (
        INSERT INTO bookings_dailysales AS kept
               (event_id, day, ticket_type_id, source, currency, tickets, revenue)
        SELECT placed.event_id, day, ticket_type_id, source, placed.currency,
               sum(tickets), sum(revenue)
          FROM placed JOIN events_tickettype AS ticket_type ON ticket_type.id = ticket_type_id
         GROUP BY placed.event_id, day, ticket_type_id, source, placed.currency
         ORDER BY placed.event_id, day, ticket_type_id, source, placed.currency
        ON CONFLICT (event_id, day, ticket_type_id, source, currency) DO UPDATE
           SET tickets = kept.tickets + excluded.tickets, revenue = kept.revenue + excluded.revenue
    ), platform AS (
        INSERT INTO bookings_platformsales AS kept (day, currency, tickets, revenue)
        SELECT day, placed.currency, sum(tickets), sum(revenue)
          FROM placed JOIN events_tickettype AS ticket_type ON ticket_type.id = ticket_type_id
         GROUP BY day, placed.currency ORDER BY day, placed.currency
        ON CONFLICT (day, currency) DO UPDATE
           SET tickets = kept.tickets + excluded.tickets, revenue = kept.revenue + excluded.revenue
    ), visits AS (
        INSERT INTO bookings_dailyvisits AS kept (event_id, day, bookings)
        SELECT event_id, day, sum(bookings) FROM placed WHERE bookings <> 0
         GROUP BY event_id, day ORDER BY event_id, day
        ON CONFLICT (event_id, day) DO UPDATE SET bookings = kept.bookings + excluded.bookings
    )
    SELECT count(*) FROM taken
"""

# What the days lack, as one more change: everything in one snapshot, whoever writes meanwhile.
NOTE_DIFFERENCES = """
    INSERT INTO bookings_saleschange
           (event_id, booked_at, ticket_type_id, source, currency, bookings, tickets, revenue)
    WITH placed AS (
        SELECT booking.id, event_id, timezone(event.timezone, confirmed_at)::date AS day,
               source, currency
          FROM bookings_booking AS booking JOIN events_event AS event ON event.id = event_id
         WHERE booking.status = 'confirmed' AND event_id BETWEEN %(first)s AND %(last)s
    ), changed AS (
        SELECT event_id, timezone(event.timezone, booked_at)::date AS day, ticket_type_id, source,
               currency, bookings, tickets, revenue
          FROM bookings_saleschange JOIN events_event AS event ON event.id = event_id
         WHERE event_id BETWEEN %(first)s AND %(last)s
    ), differences AS (
        SELECT event_id, day, NULL::bigint AS ticket_type_id, '' AS source, '' AS currency,
               count(*) AS bookings, 0 AS tickets, 0::numeric AS revenue
          FROM placed GROUP BY event_id, day
        UNION ALL
        SELECT event_id, day, ticket.ticket_type_id, source, currency, 0, count(*),
               sum(ticket.price)
          FROM placed JOIN bookings_ticket AS ticket ON ticket.booking_id = placed.id
         GROUP BY event_id, day, ticket.ticket_type_id, source, currency
        UNION ALL
        SELECT event_id, day, NULL, '', '', -bookings, 0, 0
          FROM bookings_dailyvisits WHERE event_id BETWEEN %(first)s AND %(last)s
        UNION ALL
        SELECT event_id, day, ticket_type_id, source, currency, 0, -tickets, -revenue
          FROM bookings_dailysales WHERE event_id BETWEEN %(first)s AND %(last)s
        UNION ALL
        SELECT event_id, day, NULL, '', '', -bookings, 0, 0
          FROM changed WHERE ticket_type_id IS NULL
        UNION ALL
        SELECT event_id, day, ticket_type_id, source, currency, 0, -tickets, -revenue
          FROM changed WHERE ticket_type_id IS NOT NULL
    )
    SELECT event_id, timezone(event.timezone, day + time '12:00'), ticket_type_id, source,
           currency, sum(bookings), sum(tickets), sum(revenue)
      FROM differences JOIN events_event AS event ON event.id = event_id
     GROUP BY event_id, event.timezone, day, ticket_type_id, source, currency
    HAVING sum(bookings) <> 0 OR sum(tickets) <> 0 OR sum(revenue) <> 0
"""

ADD_VIEWS = """
    INSERT INTO bookings_dailyvisits AS kept (event_id, day, views)
    SELECT event.id, counted.day, counted.views
      FROM unnest(%(events)s::bigint[], %(days)s::date[], %(views)s::int[])
           AS counted (event_id, day, views)
      JOIN events_event AS event ON event.id = counted.event_id
     ORDER BY event.id, counted.day
    ON CONFLICT (event_id, day) DO UPDATE SET views = kept.views + excluded.views
"""

logger = logging.getLogger(__name__)


def add_sales_changes() -> int:
    """Add to the days what was sold and cancelled since the last time. Returns how many changes."""
    added = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(ADD_CHANGES, {"most": CHANGES_AT_ONCE})
            number = int(cursor.fetchone()[0])
        added += number
        if number < CHANGES_AT_ONCE:
            return added


def correct_figures() -> int:
    """Compare every day with the bookings themselves, and note what it lacks. Returns how much.

    The triggers leave nothing to correct but this: an event whose time zone changes has its days
    begin at other times.
    """
    corrected, after = 0, 0
    while last := _last_of_batch(after):
        with connection.cursor() as cursor:
            cursor.execute(NOTE_DIFFERENCES, {"first": after + 1, "last": last})
            corrected += cursor.rowcount
        after = last
    if corrected:
        logger.warning("corrected %s figures of days", corrected)
    add_sales_changes()
    return corrected


def write_views() -> None:
    """Add to the days how often their pages were opened in this process, in one statement. While
    the database does not answer, the numbers wait.
    """
    counts = take_counts()
    if not counts:
        return
    try:
        _add_views(counts)
    except Error as error:
        give_back_counts(counts)
        logger.warning("page views are kept for later: %s", " ".join(str(error).split()))


def _add_views(counts: Counts) -> None:
    events, days = zip(*counts, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            ADD_VIEWS,
            {"events": list(events), "days": list(days), "views": list(counts.values())},
        )


def _last_of_batch(after: int) -> int | None:
    """The last of the next events in the order of their keys."""
    keys = Event.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return max(keys[:EVENTS_AT_ONCE], default=None)
