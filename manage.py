#!/usr/bin/env python
"""Django's command line. With no DATABASE_URL it starts, or joins, the embedded PostgreSQL;
with the production settings it does not.
"""

import os
import signal
import sys
from contextlib import ExitStack


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - for whoever types `python manage.py`
        sys.exit("EventMate needs Python 3.11 or later. `make run` finds one and sets up .venv.")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line

        from eventmate.embedded import commands, errors
    except ModuleNotFoundError as error:
        sys.exit(
            f"{error.name} is not installed for {sys.executable}. "
            "Use .venv/bin/python manage.py, which `make run` sets up."
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eventmate.settings.local")
    os.environ["PGAPPNAME"] = os.environ.get("PGAPPNAME") or commands.name(sys.argv[1:])
    # Unlike the default, this leaves the embedded PostgreSQL on the way out.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with ExitStack() as services:
        try:
            join_services(services)
            execute_from_command_line(sys.argv)
        except (errors.ServiceError, ImproperlyConfigured) as error:
            if "--traceback" in sys.argv:
                raise
            sys.exit(str(error))


def join_services(services: ExitStack) -> None:
    from eventmate.embedded import commands, paths, postgres, redis
    from eventmate.environment import is_set

    is_production = os.environ["DJANGO_SETTINGS_MODULE"].endswith(".prod")
    if not is_set("DATABASE_URL") and not is_production:
        if commands.needs_database(sys.argv[1:]):
            held = postgres.joined(paths.make_data_dir())
            os.environ["DATABASE_URL"] = services.enter_context(held)
        else:
            os.environ["DATABASE_URL"] = postgres.url(paths.data_dir())
    running_redis = redis.socket_path(paths.data_dir())
    if not is_set("REDIS_URL") and redis.answers(running_redis):
        os.environ["REDIS_URL"] = redis.url(running_redis)


if __name__ == "__main__":
    main()
