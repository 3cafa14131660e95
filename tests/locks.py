"""Waiting until two transactions meet."""

from django.db import connection

WAITING = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
"""How many wait for a lock. What one transaction sees of that does not change."""


def wait_until_someone_waits_for_a_lock() -> None:
    """On the connection of this test, which may be inside the transaction that holds the lock."""
    with connection.cursor() as cursor:
        for _ in range(600):
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_stat_clear_snapshot(), pg_sleep(0.05)")
    raise AssertionError("nobody waits for the lock")
