"""What has changed of that which pages show, as the web workers ask for it."""

import datetime as dt
from typing import Any

from django.db import connection
from django.utils import timezone

from events.models import PageChange

# Longer than any web worker remembers a page.
KEPT = dt.timedelta(hours=1)

# Transactions commit in another order than they begin. What a snapshot did not see is new, however
# long ago it was begun.
NEWS = """
    SELECT pg_current_snapshot()::text, NULL, NULL
    UNION ALL
    (SELECT NULL, transaction_id, tag FROM events_pagechange
      WHERE transaction_id >= pg_snapshot_xmin(%(seen)s::pg_snapshot)::text::bigint
        AND NOT pg_visible_in_snapshot(transaction_id::text::xid8, %(seen)s::pg_snapshot))
"""
NOW = "SELECT pg_current_snapshot()::text"


def changes_since(cursor: Any, seen: str | None) -> tuple[str, list[tuple[int, str]]]:
    """The snapshot now, and the transactions and tags of what the one that was ``seen`` did not
    see; nothing where there was none. ``cursor`` is psycopg's.
    """
    cursor.execute(NEWS if seen else NOW, {"seen": seen})
    (snapshot, *_), *rows = cursor.fetchall()
    return snapshot, [(transaction, tag) for _snapshot, transaction, tag in rows]


def note_change_of_everything() -> None:
    """After rows were written without their triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT events_note_changes(ARRAY['everything'])")


def forget_old_changes() -> None:
    PageChange.objects.filter(noted_at__lt=timezone.now() - KEPT).delete()
