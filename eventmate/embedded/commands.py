"""What manage.py has to know of its commands: which go without a database, and their names."""

import os
from collections.abc import Sequence

WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "startproject",
    "version",
}


def needs_database(arguments: Sequence[str]) -> bool:
    """Tell whether manage.py with these arguments may ask the database anything."""
    if {"-h", "--help", "--version"} & set(arguments) or "DJANGO_AUTO_COMPLETE" in os.environ:
        return False
    return _command(arguments) not in WITHOUT_DATABASE


def name(arguments: Sequence[str]) -> str:
    """Return what PostgreSQL should call manage.py with these arguments, in pg_stat_activity."""
    command = _command(arguments)
    is_worker = command == "procrastinate" and "worker" in arguments
    return f"eventmate-{'worker' if is_worker else command}"


def _command(arguments: Sequence[str]) -> str:
    return next((word for word in arguments if not word.startswith("-")), "help")
