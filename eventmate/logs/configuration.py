"""What is logged, and where it goes: LOG_FORMAT, LOG_LEVEL, LOG_DIR, ACCESS_LOG."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from eventmate.logs.formatters import ACCESS_LOG

FORMATS = ("json", "text")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

# Ten files of 10 MB each, and the one that is written.
FILE_SIZE = 10 * 1024 * 1024
OLD_FILES = 10

OWN_LOGGERS = ("accounts", "bookings", "events", "eventmate", "health")


def logging_config() -> dict[str, Any]:
    """For `logging.config.dictConfig`, as the environment wants it.

    Raises ImproperlyConfigured where that cannot be.
    """
    level = _choice("LOG_LEVEL", os.environ.get("LOG_LEVEL", "").upper() or "INFO", LEVELS)
    access = _choice("ACCESS_LOG", os.environ.get("ACCESS_LOG") or "1", ("0", "1")) == "1"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": _formatter()},
        "filters": {"failures": {"()": "eventmate.logs.jobs.Failures"}},
        "handlers": _handlers(os.environ.get("LOG_DIR", "")),
        "root": {"handlers": ["console"], "level": _not_below_warning(level)},
        "loggers": {
            **{name: {"level": level} for name in OWN_LOGGERS},
            ACCESS_LOG: {
                "handlers": ["access"],
                "level": "INFO" if access else "CRITICAL",
                "propagate": False,
            },
            # Instead of handlers of their own.
            "django": {"handlers": [], "level": _not_below_warning(level), "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # Each scanner that asks by address would be an error with a traceback.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "procrastinate.worker": {"level": "INFO", "filters": ["failures"]},
            "procrastinate.worker.worker": {"level": "WARNING"},
            # Its level is GUNICORN_LOG_LEVEL.
            "gunicorn.error": {"handlers": ["console"], "propagate": False},
        },
    }


def _formatter() -> dict[str, Any]:
    is_production = os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".prod")
    default = "json" if is_production else "text"
    if _choice("LOG_FORMAT", os.environ.get("LOG_FORMAT") or default, FORMATS) == "json":
        return {"()": "eventmate.logs.formatters.json_formatter"}
    colors = not os.environ.get("LOG_DIR") and _console().isatty()
    return {"()": "eventmate.logs.formatters.text_formatter", "colors": colors}


def _handlers(directory: str) -> dict[str, Any]:
    if directory:
        folder = _writable(directory)
        return {"console": _file(folder / "eventmate.log"), "access": _file(folder / "access.log")}
    console = {"class": "logging.StreamHandler", "formatter": "line", "stream": _console()}
    return {"console": console, "access": console}


def _file(path: Path) -> dict[str, Any]:
    return {
        "class": "concurrent_log_handler.ConcurrentRotatingFileHandler",
        "formatter": "line",
        "filename": str(path),
        "maxBytes": FILE_SIZE,
        "backupCount": OLD_FILES,
        "encoding": "utf-8",
    }


def _writable(directory: str) -> Path:
    folder = Path(directory).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"LOG_DIR cannot be made: {error}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"LOG_DIR cannot be written to: {folder}")
    return folder


def _console() -> Any:
    """Standard output; but what a command prints there is for whoever called it, or for a pipe."""
    is_server = "gunicorn.arbiter" in sys.modules or sys.argv[1:3] == ["procrastinate", "worker"]
    return sys.stdout if is_server else sys.stderr


def _choice(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is one of {', '.join(choices)}, and not {value!r}.")
    return value


def _not_below_warning(level: str) -> str:
    """Of libraries. What they say below that is for those who work on them: queries with values."""
    return logging.getLevelName(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
