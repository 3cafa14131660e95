"""Waiting until two transactions meet."""

from django.db import connection


def wait_until_someone_waits_for_a_lock() -> None:
    """Inside the transaction that holds it."""
    with connection.cursor() as cursor:
        for _ in range(600):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_stat_clear_snapshot(), pg_sleep(0.05)")
    raise AssertionError("nobody waits for the lock")
