"""Adding batches to what is there: the work of one process, over a connection of its own."""

from pathlib import Path
from typing import Any

import psycopg

from events.generating.drawing import Drawer
from events.generating.lines import copy_lines, make_lines, save_lines
from events.generating.plan import Batch, Plan
from events.generating.references import may_skip_foreign_keys, skip_foreign_keys

# With the columns of events that are compared: to read a sample of all texts takes seconds.
COMPARED = "id, category_id, city_id, host_id, status, is_active, start_date, starts_at, ends_at"
OTHER_TABLES = (
    f"events_event ({COMPARED})",
    *("events_tickettype", "events_ticketstock", "events_favorite"),
    *("events_host", "events_city", "events_category"),
)
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
        self._connection = psycopg.connect(conninfo, autocommit=True)
        self._connection.execute("SET synchronous_commit = off")
        self._connection.execute("SET gin_pending_list_limit = '64MB'")  # until `tidy`
        self._skips_foreign_keys = may_skip_foreign_keys(self._connection)

    def write(self, batch: Batch) -> int:
        events = list(self._drawer.draw(batch))
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute("SET LOCAL eventmate.lists_later = 'on'")
            if self._skips_foreign_keys:
                skip_foreign_keys(cursor, self._drawer.plan)
            keys = next_keys(cursor, "events_event", len(events))
            tickets = sum(len(event.offer.tickets) for event in events)
            type_keys = next_keys(cursor, "events_tickettype", tickets)
            copy_lines(cursor, make_lines(self._drawer, events, keys, type_keys))
            cursor.execute("SET LOCAL eventmate.lists_later = 'off'")
            cursor.execute(LIST, [keys])
        return len(events)

    def draw(self, batch: Batch, event_keys: range, type_keys: range, folder: Path) -> None:
        """For whoever writes it: see ``take_lines``. There may be more keys than ticket types."""
        lines = make_lines(self._drawer, list(self._drawer.draw(batch)), event_keys, type_keys)
        save_lines(lines, folder, str(batch.first))

    def tidy(self) -> None:
        """So that the first searches do not pay for what PostgreSQL would do in a minute. It does
        the rest in that minute: what else a vacuum is for, and the texts, no search waits for.
        """
        self._connection.execute("VACUUM (ANALYZE) events_listing")
        self._connection.execute(f"ANALYZE {', '.join(OTHER_TABLES)}")


def next_keys(cursor: psycopg.Cursor, table: str, count: int) -> list[int]:
    return _value(cursor.execute(NEXT_KEYS, [table, count]))


def _value(cursor: psycopg.Cursor[Any]) -> Any:
    [(value,)] = cursor.fetchall()
    return value
