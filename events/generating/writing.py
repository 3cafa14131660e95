"""Writing batches: the work of one process, over a connection of its own."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
from psycopg import sql

from events.generating.drawing import EVENT_COLUMNS, Drawer, DrawnEvent
from events.generating.offers import Sale, Ticket
from events.generating.plan import Batch, Plan
from events.generating.times import Calendar

ALWAYS = "\\N\t\\N"
TYPE_COLUMNS = (
    *("id", "event_id", "name", "description", "price", "currency"),
    *("sales_start", "sales_end", "min_per_booking", "max_per_booking", "is_hidden", "position"),
)
STOCK_COLUMNS = ("ticket_type_id", "capacity", "taken", "waiting")
FAVORITE_COLUMNS = ("event_id", "user_id", "created_at")
OTHER_TABLES = (
    *("events_event", "events_tickettype", "events_ticketstock", "events_favorite"),
    *("events_host", "events_city", "events_category"),
)
WITHOUT_FOREIGN_KEYS = "SET LOCAL session_replication_role = replica"
NEXT_KEYS = """
    SELECT array_agg(nextval(name))
      FROM (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0) AS sequence,
           generate_series(1, %s)
"""
LIST = """
    SELECT events_refresh_listings(ARRAY(
        SELECT id FROM events_event WHERE id = ANY (%s) AND is_active AND ends_at > now()
    ))
"""


class Writer:
    """Each batch is one transaction: whenever this ends, an event is there with all that belongs
    to it, or not at all.
    """

    def __init__(self, conninfo: str, plan: Plan) -> None:
        self._drawer = Drawer(plan)
        self._references = {
            "events_category": list(plan.categories),
            "events_city": [city.pk for city in plan.cities],
            "events_host": [host.pk for host in plan.hosts],
            "accounts_user": list(plan.fans),
        }
        self._connection = psycopg.connect(conninfo, autocommit=True)
        self._connection.execute("SET synchronous_commit = off")
        self._connection.execute("SET gin_pending_list_limit = '64MB'")  # until `tidy`
        self._skips_foreign_keys = self._may_skip_foreign_keys()

    def write(self, batch: Batch) -> int:
        events = list(self._drawer.draw(batch))
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute("SET LOCAL eventmate.lists_later = 'on'")
            if self._skips_foreign_keys:
                self._hold_references(cursor)
                cursor.execute(WITHOUT_FOREIGN_KEYS)
            self._copy(cursor, events)
        return len(events)

    def tidy(self) -> None:
        """So that the first searches do not pay for what PostgreSQL would do in a minute. It does
        the rest in that minute: what else a vacuum is for, no search waits for.
        """
        self._connection.execute("VACUUM (ANALYZE) events_listing")
        self._connection.execute(f"ANALYZE {', '.join(OTHER_TABLES)}")

    def _may_skip_foreign_keys(self) -> bool:
        """Superusers may, and who was granted it."""
        try:
            with self._connection.transaction():
                self._connection.execute(WITHOUT_FOREIGN_KEYS)
        except psycopg.errors.InsufficientPrivilege:
            return False
        return True

    def _hold_references(self, cursor: psycopg.Cursor) -> None:
        """What foreign keys would do for each row, once: see that what it refers to is there, and
        keep it from going before the commit.
        """
        for table, keys in self._references.items():
            statement = sql.SQL("SELECT FROM {} WHERE id = ANY (%s) ORDER BY id FOR KEY SHARE")
            cursor.execute(statement.format(sql.Identifier(table)), [keys])
            if cursor.rowcount != len(keys):
                raise psycopg.errors.ForeignKeyViolation(f"A row of {table} was deleted meanwhile.")

    def _copy(self, cursor: psycopg.Cursor, events: Sequence[DrawnEvent]) -> None:
        tickets = [ticket for event in events for ticket in event.offer.tickets]
        keys = next_keys(cursor, "events_event", len(events))
        type_keys = next_keys(cursor, "events_tickettype", len(tickets))
        keyed = list(zip(keys, events, strict=True))
        calendar, fans = self._drawer.calendar, self._drawer.plan.fans
        stocks = zip(type_keys, tickets, strict=True)
        copy(cursor, "events_event", EVENT_COLUMNS, (f"{key}\t{e.cells}\n" for key, e in keyed))
        copy(cursor, "events_tickettype", TYPE_COLUMNS, type_lines(keyed, type_keys, calendar))
        copy(
            cursor,
            "events_ticketstock",
            STOCK_COLUMNS,
            (f"{key}\t{ticket.capacity}\t0\t0\n" for key, ticket in stocks),
        )
        copy(cursor, "events_favorite", FAVORITE_COLUMNS, favorite_lines(keyed, fans))
        cursor.execute("SET LOCAL eventmate.lists_later = 'off'")
        cursor.execute(LIST, [keys])


def next_keys(cursor: psycopg.Cursor, table: str, count: int) -> list[int]:
    return _value(cursor.execute(NEXT_KEYS, [table, count]))


def copy(cursor: psycopg.Cursor, table: str, columns: Iterable[str], lines: Iterable[str]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with cursor.copy(statement) as target:
        target.write("".join(lines))


def type_lines(
    events: Iterable[tuple[int, DrawnEvent]], type_keys: Iterable[int], calendar: Calendar
) -> Iterator[str]:
    keys = iter(type_keys)
    for event_key, event in events:
        for ticket in event.offer.tickets:
            window = sale_window(ticket, event.days, calendar)
            yield f"{next(keys)}\t{event_key}\t{ticket.cells}\t{window}\t{ticket.last_cells}\n"


def sale_window(ticket: Ticket, days: int, calendar: Calendar) -> str:
    if ticket.sale is Sale.ALWAYS:
        return ALWAYS
    if ticket.sale is Sale.LAST_MONTH:
        return f"{calendar.text(days - 30)} 09:00+00\t\\N"
    before = 45 if ticket.sale is Sale.EARLY else 1
    return f"\\N\t{calendar.text(days - before)} 18:00+00"


def favorite_lines(events: Iterable[tuple[int, DrawnEvent]], fans: Sequence[int]) -> Iterator[str]:
    for key, event in events:
        for number in range(event.first_fan, event.first_fan + event.fan_count):
            yield f"{key}\t{fans[number % len(fans)]}\t{event.created_at}\n"


def _value(cursor: psycopg.Cursor[Any]) -> Any:
    [(value,)] = cursor.fetchall()
    return value
