"""Triggers that note what each change adds to the figures (models/figures.py), whoever makes it and
however.

Tickets count where their booking is confirmed. A booking that is written as confirmed has none yet:
they are noted as they are written, and likewise before it is deleted.

What is written by COPY comes in one statement, and is noted in one: row by row, PostgreSQL would
look at all foreign keys that are still to be checked, for each row anew. For a hold there is
nothing to note, and no note is begun.
"""

import pgtrigger

COLUMNS = (
    "INSERT INTO bookings_saleschange"
    " (event_id, booked_at, ticket_type_id, source, currency, bookings, tickets, revenue)"
)
OF_BOOKING = (
    "SELECT {row}.event_id, {row}.confirmed_at, NULL::bigint, {row}.source, {row}.currency,"
    " {sign}1, 0, 0"
)
OF_BOOKINGS = (
    "SELECT event_id, confirmed_at, NULL::bigint, source, currency, {sign}count(*), 0, 0"
    " FROM {rows} WHERE status = 'confirmed' GROUP BY event_id, confirmed_at, source, currency"
)
OF_TICKETS_OF_BOOKING = (
    "SELECT {row}.event_id, {row}.confirmed_at, ticket.ticket_type_id, {row}.source,"
    " {row}.currency, 0, {sign}count(*), {sign}sum(ticket.price)"
    " FROM bookings_ticket AS ticket WHERE ticket.booking_id = {row}.id"
    " GROUP BY ticket.ticket_type_id"
)
OF_TICKET = (
    "SELECT booking.event_id, booking.confirmed_at, {row}.ticket_type_id, booking.source,"
    " booking.currency, 0, {sign}1, {sign}{row}.price FROM bookings_booking AS booking"
    " WHERE booking.id = {row}.booking_id AND booking.status = 'confirmed'"
)
OF_TICKETS = (
    "SELECT booking.event_id, booking.confirmed_at, ticket.ticket_type_id, booking.source,"
    " booking.currency, 0, {sign}count(*), {sign}sum(ticket.price)"
    " FROM {rows} AS ticket JOIN bookings_booking AS booking ON booking.id = ticket.booking_id"
    " WHERE booking.status = 'confirmed'"
    " GROUP BY booking.event_id, booking.confirmed_at, ticket.ticket_type_id, booking.source,"
    " booking.currency"
)


def _noted(*selections: str) -> str:
    return f"{COLUMNS} {' UNION ALL '.join(selections)};"


def _noted_if_confirmed(rows: str, selection: str) -> str:
    return f"IF EXISTS (SELECT FROM {rows}) THEN {_noted(selection)} END IF; RETURN NULL;"


def _whole_booking(row: str, sign: str) -> str:
    return _noted(
        OF_BOOKING.format(row=row, sign=sign), OF_TICKETS_OF_BOOKING.format(row=row, sign=sign)
    )


def _counted(row: str) -> str:
    return f"({row}.status, {row}.event_id, {row}.confirmed_at, {row}.source, {row}.currency)"


BOOKING_TRIGGERS = (
    pgtrigger.Trigger(
        name="note_sale",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=_noted_if_confirmed(
            "new_rows WHERE status = 'confirmed'", OF_BOOKINGS.format(rows="new_rows", sign="+")
        ),
    ),
    pgtrigger.Trigger(
        name="note_changed_sale",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "((OLD.status = 'confirmed' OR NEW.status = 'confirmed')"
            f" AND {_counted('OLD')} IS DISTINCT FROM {_counted('NEW')})"
        ),
        func=(
            f"IF OLD.status = 'confirmed' THEN {_whole_booking('OLD', '-')} END IF;"
            f" IF NEW.status = 'confirmed' THEN {_whole_booking('NEW', '+')} END IF;"
            " RETURN NULL;"
        ),
    ),
    pgtrigger.Trigger(
        name="note_deleted_sale",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        referencing=pgtrigger.Referencing(old="old_rows"),
        func=f"{_noted(OF_BOOKINGS.format(rows='old_rows', sign='-'))} RETURN NULL;",
    ),
)

TICKET_TRIGGERS = (
    pgtrigger.Trigger(
        name="note_sold",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=_noted_if_confirmed(
            "new_rows JOIN bookings_booking AS booking ON booking.id = booking_id"
            " WHERE booking.status = 'confirmed'",
            OF_TICKETS.format(rows="new_rows", sign="+"),
        ),
    ),
    pgtrigger.Trigger(
        name="note_changed",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "((OLD.booking_id, OLD.ticket_type_id, OLD.price)"
            " IS DISTINCT FROM (NEW.booking_id, NEW.ticket_type_id, NEW.price))"
        ),
        func=(
            _noted(OF_TICKET.format(row="OLD", sign="-"), OF_TICKET.format(row="NEW", sign="+"))
            + " RETURN NULL;"
        ),
    ),
    pgtrigger.Trigger(
        name="note_deleted",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        referencing=pgtrigger.Referencing(old="old_rows"),
        func=f"{_noted(OF_TICKETS.format(rows='old_rows', sign='-'))} RETURN NULL;",
    ),
)
