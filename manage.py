#!/usr/bin/env python
"""Django's command line. With no DATABASE_URL it starts, or joins, the embedded PostgreSQL."""

import os
import signal
import sys
from contextlib import ExitStack


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - for whoever types `python manage.py`
        sys.exit("EventMate needs Python 3.11 or later. `make run` finds one and sets up .venv.")
    try:
        from django.core.management import execute_from_command_line

        from eventmate.embedded import commands, errors, paths, postgres, redis
    except ModuleNotFoundError as error:
        sys.exit(
            f"{error.name} is not installed for {sys.executable}. "
            "Use .venv/bin/python manage.py, which `make run` sets up."
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventmate.settings.local")
    # Unlike the default, this leaves the embedded PostgreSQL on the way out.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with ExitStack() as services:
        if not os.environ.get("DATABASE_URL"):
            try:
                if commands.needs_database(sys.argv[1:]):
                    held = postgres.joined(paths.make_data_dir())
                    os.environ["DATABASE_URL"] = services.enter_context(held)
                else:
                    os.environ["DATABASE_URL"] = postgres.url(paths.data_dir())
            except errors.ServiceError as error:
                sys.exit(str(error))
        running_redis = redis.socket_path(paths.data_dir())
        if not os.environ.get("REDIS_URL") and redis.answers(running_redis):
            os.environ["REDIS_URL"] = redis.url(running_redis)
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
