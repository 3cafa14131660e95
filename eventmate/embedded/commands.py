"""Which commands of manage.py go without a database."""

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
    command = next((word for word in arguments if not word.startswith("-")), "help")
    return command not in WITHOUT_DATABASE
