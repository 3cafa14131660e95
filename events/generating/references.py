"""What generated events refer to, and how they are written without a look at it for each row."""

import psycopg
from psycopg import sql

from events.generating.plan import Plan

WITHOUT_FOREIGN_KEYS = "SET LOCAL session_replication_role = replica"


def may_skip_foreign_keys(connection: psycopg.Connection) -> bool:
    """Superusers may, and who was granted it."""
    try:
        with connection.transaction():
            connection.execute(WITHOUT_FOREIGN_KEYS)
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def skip_foreign_keys(cursor: psycopg.Cursor, plan: Plan) -> None:
    """Until the commit, and triggers with them. What they would do for each row is done once: see
    that what it refers to is there, and keep it from going before the commit.
    """
    references = {
        "events_category": plan.categories,
        "events_city": [city.pk for city in plan.cities],
        "events_host": [host.pk for host in plan.hosts],
        "accounts_user": plan.fans,
    }
    for table, keys in references.items():
        statement = sql.SQL("SELECT FROM {} WHERE id = ANY (%s) ORDER BY id FOR KEY SHARE")
        cursor.execute(statement.format(sql.Identifier(table)), [list(keys)])
        if cursor.rowcount != len(keys):
            raise psycopg.errors.ForeignKeyViolation(f"A row of {table} was deleted meanwhile.")
    cursor.execute(WITHOUT_FOREIGN_KEYS)
