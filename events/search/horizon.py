"""Up to when all new listings are known, so that whoever asks for what is new misses none."""

import datetime as dt

from django.db import connection

# A listing is written with the time on the clock, by a transaction that has its number by then. So
# none that got its number after this was read makes a listing from before.
HORIZON = """
    SELECT least(statement_timestamp(), min(xact_start))
      FROM pg_stat_activity
     WHERE datname = current_database() AND backend_xid IS NOT NULL
       AND pid <> pg_backend_pid()
"""


def listing_horizon() -> dt.datetime:
    """An instant before which no listing appears any more: where a transaction is still open that
    may have made some, the instant at which it began.

    PostgreSQL tells it of sessions of the same role. What another role imports can be missed.
    """
    with connection.cursor() as cursor:
        cursor.execute(HORIZON)
        (horizon,) = cursor.fetchone()
    return horizon
