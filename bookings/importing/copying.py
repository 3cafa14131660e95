"""Bookings for many attendees at once: confirmed, each with one ticket and its history, written by
COPY, which costs PostgreSQL least.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.utils import timezone
from psycopg import sql

from bookings.actors import Actor
from bookings.codes import make_reference, make_ticket_code
from bookings.importing.attendees import Attendee
from bookings.models import Booking, BookingChange, BookingStatus, PaymentMethod, Ticket
from bookings.payments import payment_methods_for
from events.models import Event, TicketType

BATCH = 1000
TABLES = 3
ACCOUNTS = """
    SELECT upper(email), user_id FROM account_emailaddress
    WHERE verified AND upper(email) = ANY (%s)
"""

Progress = Callable[[int], object]
"""Told how many rows were done since the last time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for all of them."""

    event: Event
    ticket_types: Mapping[int, TicketType]
    is_free: bool
    by: Actor
    reason: str

    def price_of(self, ticket_type_id: int) -> Decimal:
        return Decimal(0) if self.is_free else self.ticket_types[ticket_type_id].price

    def payment_method_of(self, ticket_type_id: int) -> PaymentMethod | None:
        """None where such a ticket cannot be paid."""
        methods = payment_methods_for(event=self.event, total=self.price_of(ticket_type_id))
        return methods[0] if methods else None


def copy_attendees(attendees: Sequence[Attendee], terms: Terms, progress: Progress) -> None:
    """Inside the caller's transaction, which claims their places afterwards. ``progress`` is told
    of TABLES rows for each of them.
    """
    keys = _new_keys(len(attendees))
    bookings, tickets = _copied(Booking, terms), _copied(Ticket, terms)
    references = new_references(len(attendees))
    accounts = _accounts(attendees)
    people = list(zip(keys, attendees, strict=True))
    bookings.copy(
        (
            (
                attendee.ticket_type_id,
                {
                    "id": key,
                    "reference": reference,
                    "name": attendee.name,
                    "email": attendee.email,
                    "user_id": accounts.get(attendee.email.upper()),
                    "idempotency_key": uuid.uuid4(),
                },
            )
            for (key, attendee), reference in zip(people, references, strict=True)
        ),
        progress,
    )
    _count_anew()
    tickets.copy(
        (
            (
                attendee.ticket_type_id,
                {
                    "booking_id": key,
                    "attendee_name": attendee.name,
                    "code": make_ticket_code(),
                },
            )
            for key, attendee in people
        ),
        progress,
    )
    _copied(BookingChange, terms).copy(
        ((attendee.ticket_type_id, {"booking_id": key}) for key, attendee in people), progress
    )


def new_references(count: int) -> set[str]:
    """As many as asked for, that no booking has. Among a million bookings, one in a million that
    are drawn is taken already.
    """
    drawn: set[str] = set()
    while len(drawn) < count:
        fresh = {make_reference() for _ in range(count - len(drawn))}
        drawn |= fresh - _taken(fresh)
    return drawn


@dataclass(frozen=True, slots=True)
class _Copied:
    """A table, with what all rows of a ticket type have in its columns."""

    model: type[models.Model]
    columns: Sequence[str]
    templates: Mapping[int, Sequence[Any]]

    def copy(self, rows: Iterable[tuple[int, Mapping[str, Any]]], progress: Progress) -> None:
        """Each row says what is its own."""
        places = {column: place for place, column in enumerate(self.columns)}
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.model._meta.db_table),
            sql.SQL(", ").join(map(sql.Identifier, self.columns)),
        )
        written = 0
        with (
            connection.cursor() as cursor,
            connection.wrap_database_errors,
            cursor.copy(statement) as target,
        ):
            for ticket_type_id, own in rows:
                values = list(self.templates[ticket_type_id])
                for column, value in own.items():
                    values[places[column]] = value
                target.write_row(values)
                written += 1
                if written % BATCH == 0:
                    progress(BATCH)
        progress(written % BATCH)


def _copied(model: type[models.Model], terms: Terms) -> _Copied:
    rows = {pk: _row(model, terms, pk) for pk in terms.ticket_types}
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.generated
        and not field.has_db_default()
        and (not field.primary_key or model is Booking)
    ]
    return _Copied(
        model,
        [field.attname for field in fields],
        {pk: list(_values(row, fields)) for pk, row in rows.items()},
    )


def _row(model: type[models.Model], terms: Terms, ticket_type_id: int) -> models.Model:
    now = timezone.now()
    price = terms.price_of(ticket_type_id)
    if model is Booking:
        return Booking(
            event=terms.event,
            status=BookingStatus.CONFIRMED,
            total=price,
            currency=terms.ticket_types[ticket_type_id].currency,
            payment_method=terms.payment_method_of(ticket_type_id) or "",
            created_at=now,
            confirmed_at=now,
        )
    if model is Ticket:
        return Ticket(ticket_type_id=ticket_type_id, price=price)
    return BookingChange(
        at=now,
        before="",
        after=BookingStatus.CONFIRMED,
        role=terms.by.role,
        actor=terms.by.user,
        reason=terms.reason,
    )


def _values(row: models.Model, fields: "Iterable[models.Field[Any, Any]]") -> Iterator[Any]:
    for field in fields:
        yield field.get_db_prep_save(field.pre_save(row, add=True), connection)


def _new_keys(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('bookings_booking', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [key for (key,) in cursor.fetchall()]


def _count_anew() -> None:
    """What triggers look up for the tickets is planned by what PostgreSQL knows of the bookings: by
    a plan for few of them, it would look through all for each ticket.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE bookings_booking")


def _taken(references: set[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reference FROM bookings_booking WHERE reference = ANY (%s)",
            [list(references)],
        )
        return {reference for (reference,) in cursor.fetchall()}


def _accounts(attendees: Sequence[Attendee]) -> dict[str, int]:
    """By address in capitals: whose it is, as far as somebody has proven that."""
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNTS, [list({attendee.email.upper() for attendee in attendees})])
        return dict(cursor.fetchall())
