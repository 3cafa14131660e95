"""Whether PostgreSQL has enough connections for all web workers: `python -m eventmate.capacity 5`.

Gunicorn's master asks before it starts that many workers. It exits with 1, and says on stderr what
to change, where there are too few or where the settings are refused. A server that does not answer
yet is no reason to stay down: the site waits for it.
"""

import os
import sys

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

# For jobs, commands and whoever looks after the server.
LEFT_TO_OTHERS = 10

# What ordinary users may open, and where it is less, the limit of this database or of this user.
ASK = """
SELECT least(
    current_setting('max_connections')::int
        - current_setting('superuser_reserved_connections')::int
        - coalesce(current_setting('reserved_connections', true)::int, 0),
    (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()),
    (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user)
)
"""


def connections_allowed() -> int:
    """How many connections the site's PostgreSQL gives to the site's user."""
    parameters = connections["default"].get_connection_params()
    with psycopg.connect(**parameters) as connection:
        [(allowed,)] = connection.execute(ASK).fetchall()
    return allowed


def shortage(*, workers: int, pool_size: int, allowed: int) -> str | None:
    """Say what to change where the pools of all workers are more than PostgreSQL allows."""
    wanted, available = workers * pool_size, allowed - LEFT_TO_OTHERS
    if wanted <= available:
        return None
    remedies = [f"let PostgreSQL allow {wanted - available} more (max_connections)"]
    if available >= pool_size:
        remedies.insert(0, f"set WEB_CONCURRENCY to {available // pool_size} or less")
    if available >= workers:
        remedies.insert(0, f"set DATABASE_POOL_SIZE to {available // workers} or less")
    return (
        f"Too few connections to PostgreSQL: {workers} web workers (WEB_CONCURRENCY) with"
        f" {pool_size} each (DATABASE_POOL_SIZE) are {wanted}; it allows {allowed}, of which"
        f" {LEFT_TO_OTHERS} are for jobs and commands. Do one of these: {'; '.join(remedies)}."
    )


def main(workers: int) -> str | None:
    """Return why that many web workers may not start, or None where they may."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventmate.settings.local")
    try:
        pool_size = settings.WORKER_CONNECTIONS or 1
    except ImproperlyConfigured as error:
        return str(error)
    try:
        allowed = connections_allowed()
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        sys.stderr.write(f"PostgreSQL does not answer, and the site waits for it: {reason}\n")
        return None
    return shortage(workers=workers, pool_size=pool_size, allowed=allowed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
