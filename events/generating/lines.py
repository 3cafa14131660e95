"""Drawn events as lines for PostgreSQL's COPY."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from events.generating.drawing import EVENT_COLUMNS, Drawer, DrawnEvent
from events.generating.offers import Sale, Ticket
from events.generating.times import Calendar

ALWAYS = "\\N\t\\N"
# In the order in which they are written.
COLUMNS = {
    "events_event": EVENT_COLUMNS,
    "events_tickettype": (
        *("id", "event_id", "name", "description", "price", "currency"),
        *("sales_start", "sales_end", "min_per_booking", "max_per_booking"),
        *("is_hidden", "position"),
    ),
    "events_ticketstock": ("ticket_type_id", "capacity", "taken", "waiting"),
    "events_favorite": ("event_id", "user_id", "created_at"),
}


@dataclass(frozen=True, slots=True)
class Lines:
    """Of so many events, in bytes by the table that they are for."""

    count: int
    by_table: dict[str, bytes]


def save_lines(lines: Lines, folder: Path, name: str) -> None:
    """For another process. Through a file: who waits at a pipe for the rest of many lines waits for
    ever where the process that writes them is killed.
    """
    for table, text in lines.by_table.items():
        (folder / f"{name}.{table}").write_bytes(text)


def take_lines(count: int, folder: Path, name: str) -> Lines:
    """Those of ``save_lines``, once."""
    by_table = {}
    for table in COLUMNS:
        path = folder / f"{name}.{table}"
        by_table[table] = path.read_bytes()
        path.unlink()
    return Lines(count, by_table)


def make_lines(
    drawer: Drawer,
    events: Sequence[DrawnEvent],
    event_keys: Sequence[int],
    type_keys: Iterable[int],
) -> Lines:
    keyed = list(zip(event_keys, events, strict=True))
    types, stocks = [], []
    keys = iter(type_keys)
    for event_key, event in keyed:
        for ticket in event.offer.tickets:
            key = next(keys)
            window = sale_window(ticket, event.days, drawer.calendar)
            types.append(f"{key}\t{event_key}\t{ticket.cells}\t{window}\t{ticket.last_cells}\n")
            stocks.append(f"{key}\t{ticket.capacity}\t0\t0\n")
    lines = (
        (f"{key}\t{event.cells}\n" for key, event in keyed),
        types,
        stocks,
        favorite_lines(keyed, drawer.plan.fans),
    )
    return Lines(
        len(events),
        {table: "".join(of).encode() for table, of in zip(COLUMNS, lines, strict=True)},
    )


def copy_lines(cursor: psycopg.Cursor, lines: Lines, *, are_frozen: bool = False) -> None:
    """``are_frozen`` says that their tables got new files in this transaction, so that PostgreSQL
    need not come back to the rows to note that it was committed.
    """
    for table, of_table in lines.by_table.items():
        statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (FREEZE {})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table])),
            are_frozen,
        )
        with cursor.copy(statement) as target:
            target.write(of_table)


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
