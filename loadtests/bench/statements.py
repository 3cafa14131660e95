"""The statements of one booking, as the service sends them, turned into a script for pgbench.

What must differ from booking to booking (references, codes, keys, addresses) becomes variables;
what PostgreSQL gives out (primary keys) is taken from its answer. All else stays as it was sent.
"""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, Message, Ticket
from events.models import TicketType
from loadtests.bench.stage import book

# Eight digits that never come twice, in no order, and eight by chance.
VARIABLES = (
    r"\set n :n + 1",
    r"\set unique 10000000 + permute(:first + :n * 8 + :client_id, 89999999, 1)",
    r"\set chance random(10000000, 99999999)",
)
# Primary keys that no other number in the statements is like.
FIRST_BOOKING = 7_000_000_001
FIRST_TICKET = 8_000_000_001


def script_of_a_booking(ticket_type: TicketType) -> str:
    """Book once through the service, and return the script that does the same."""
    book(ticket_type, 0)
    _count_on(Booking, FIRST_BOOKING)
    _count_on(Ticket, FIRST_TICKET)
    with CaptureQueriesContext(connection) as sent:
        booking = book(ticket_type, 1)
    ticket = booking.tickets.get()
    message = Message.objects.get(booking=booking)
    random_half = booking.idempotency_key.hex[:16]
    variables = {
        booking.idempotency_key.hex: f"{random_half}:unique:chance",
        str(booking.idempotency_key): f"{random_half}:unique:chance",
        booking.reference: ":unique",
        ticket.code: ":unique:chance",
        message.message_id: "<:unique.:chance@example.org>",
        booking.email: "buyer:unique@example.org",
        str(booking.pk): ":booking_id",
        str(ticket.pk): ":ticket_id",
    }
    lines = [_as_line(query["sql"], variables) for query in sent.captured_queries]
    return "\n".join([*VARIABLES, *lines, ""])


def _as_line(statement: str, variables: dict[str, str]) -> str:
    line = " ".join(statement.split()).rstrip(";")
    for value, variable in variables.items():
        line = line.replace(value, variable)
    if line.startswith('INSERT INTO "bookings_booking" '):
        return rf"{line} \gset booking_"
    if line.startswith('INSERT INTO "bookings_ticket" '):
        return rf"{line} \gset ticket_"
    return f"{line};"


def _count_on(model: type[Booking] | type[Ticket], first: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)",
            [model._meta.db_table, first],
        )
