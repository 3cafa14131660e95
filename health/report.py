"""What /health/detailed/ says: the figures, with a word for each section."""

import platform
from importlib.metadata import version
from typing import Any

import django
from django.conf import settings

from eventmate import __version__
from health import figures
from health.checks import overall, run_checks
from health.web import web_section

# A queue whose oldest job waits longer is behind.
LATE_SECONDS = 300
LEAST_FREE_BYTES = 10**9


def detailed_report() -> dict[str, Any]:
    """All sections; what is not known is left out of them, or null.

    The word of jobs is ok, degraded or unknown. Nothing but the database makes the site
    unavailable: visitors are served while jobs wait.
    """
    database_attempt = figures.database.begin()
    cache_attempt = figures.cache.begin() if settings.REDIS_URL else None
    checks = run_checks()
    database = database_attempt.result()
    cache = cache_attempt.result() if cache_attempt else None
    sections = {
        "database": _database(checks["database"], database),
        "migrations": _migrations(database),
        "cache": _cache(checks["cache"], cache),
        "web": web_section(),
        "jobs": _jobs(database.jobs if database else None),
        "media": _media(figures.read_disk()),
    }
    degraded = any(section["status"] == "degraded" for section in sections.values())
    status = overall(checks)
    return {
        "status": "degraded" if degraded and status == "ok" else status,
        "checks": checks,
        "version": __version__,
        "versions": _versions(database, cache),
        **sections,
    }


def _database(word: str, found: figures.DatabaseFigures | None) -> dict[str, Any]:
    if found is None:
        # It takes connections, and does not answer in time.
        return {"status": "degraded" if word == "ok" else word}
    return {
        "status": word,
        "round_trip_ms": _milliseconds(found.round_trip_seconds),
        "server_version": found.server.server_version,
        "connections": found.server.connections,
        "max_connections": found.server.max_connections,
    }


def _migrations(found: figures.DatabaseFigures | None) -> dict[str, Any]:
    if found is None:
        return {"status": "unknown"}
    return {
        "status": "degraded" if found.pending_migrations else "ok",
        "pending": found.pending_migrations,
    }


def _versions(
    database: figures.DatabaseFigures | None, cache: figures.CacheFigures | None
) -> dict[str, str | None]:
    return {
        "eventmate": __version__,
        "python": platform.python_version(),
        "django": django.get_version(),
        "gunicorn": version("gunicorn"),
        "postgresql": database.server.server_version if database else None,
        "redis": cache.server_version if cache else None,
    }


def _cache(word: str, found: figures.CacheFigures | None) -> dict[str, Any]:
    if found is None:
        return {"status": word}
    return {
        "status": word,
        "round_trip_ms": _milliseconds(found.round_trip_seconds),
        "server_version": found.server_version,
        "used_memory_bytes": found.used_memory_bytes,
    }


def _jobs(found: figures.JobFigures | None) -> dict[str, Any]:
    if found is None:
        return {"status": "unknown"}
    unwell = (
        found.stalled
        or found.failed_last_day
        or not found.workers
        or (found.oldest_due_seconds or 0) > LATE_SECONDS
    )
    return {
        "status": "degraded" if unwell else "ok",
        "todo": found.by_status.get("todo", 0),
        "doing": found.by_status.get("doing", 0),
        "failed": found.by_status.get("failed", 0),
        "failed_last_day": found.failed_last_day,
        "refused_last_day": found.refused_last_day,
        "stalled": found.stalled,
        "oldest_due_seconds": _seconds(found.oldest_due_seconds),
        "workers": found.workers,
        "heartbeat_seconds": _seconds(found.heartbeat_seconds),
    }


def _media(found: figures.DiskFigures | None) -> dict[str, Any]:
    if found is None:
        return {"status": "elsewhere"}
    return {
        "status": "ok" if found.free_bytes >= LEAST_FREE_BYTES else "degraded",
        "free_bytes": found.free_bytes,
        "total_bytes": found.total_bytes,
    }


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _seconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(max(seconds, 0.0), 1)
