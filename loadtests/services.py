"""A PostgreSQL and a Redis for one run, as durable as a site's own, and Django set up on them."""

import os
from contextlib import ExitStack
from pathlib import Path

import django
from django.core.management import call_command

from eventmate.embedded import postgres, redis

# Unlike the private ones of the tests, which risk their data.
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
}


def start(services: ExitStack, folder: Path) -> str:
    """Returns the URL of the database, which is migrated. ``services`` stops them."""
    database_url = services.enter_context(postgres.private(DURABLE))
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "eventmate.settings.local",
        "DATABASE_URL": database_url,
        "EVENTMATE_DATA_DIR": str(folder),
    }
    os.environ.pop("DATABASE_POOL_SIZE", None)
    if redis.program():
        os.environ["REDIS_URL"] = services.enter_context(redis.private())
    django.setup()
    call_command("migrate", verbosity=0)
    return database_url
