"""What operators want to know in numbers: how PostgreSQL, Redis, the jobs and the disk are."""

import functools
import logging
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.migrations.loader import MigrationLoader
from psycopg.rows import class_row

from health.connections import CACHE_PATIENCE, connect_to_postgres, redis_client
from health.probe import Probe
from health.querysets import STALLED_AFTER

DATABASE_PATIENCE = 1.5

logger = logging.getLogger(__name__)

# Of pg_stat_database and not of pg_stat_activity, which tells others' only to a superuser.
OF_SERVER = """
    SELECT current_setting('server_version') AS server_version,
           sum(numbackends) AS connections,
           current_setting('max_connections')::int AS max_connections
      FROM pg_stat_database
"""

# A job without a time is due since it was queued; of those, the one with the lowest number was
# queued first. So no more than one event is looked up, however long the queue is.
OF_JOBS = """
      WITH failed AS (
        SELECT DISTINCT job.id, job.queue_name = ANY(%(mail)s) AND job.attempts = 1 AS is_refusal
          FROM procrastinate_jobs AS job
          JOIN procrastinate_events AS event ON event.job_id = job.id
         WHERE job.status = 'failed' AND event.type = 'failed'
           AND event.at > now() - interval '1 day')
    SELECT (SELECT coalesce(json_object_agg(status, number), '{}')
              FROM (SELECT status, count(*) AS number FROM procrastinate_jobs GROUP BY status)
                AS counted) AS by_status,
           (SELECT count(*)
              FROM procrastinate_jobs AS job
              LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
             WHERE job.status = 'doing'
               AND (worker.id IS NULL OR worker.last_heartbeat < now() - %(stalled_after)s))
             AS stalled,
           (SELECT count(*) FROM failed WHERE NOT is_refusal) AS failed_last_day,
           (SELECT count(*) FROM failed WHERE is_refusal) AS refused_last_day,
           extract(epoch FROM now() - least(
             (SELECT min(scheduled_at)
                FROM procrastinate_jobs
               WHERE status = 'todo' AND scheduled_at <= now()),
             (SELECT max(at)
                FROM procrastinate_events
               WHERE type = 'deferred' AND job_id = (
                 SELECT min(id)
                   FROM procrastinate_jobs
                  WHERE status = 'todo' AND scheduled_at IS NULL))
           ))::float AS oldest_due_seconds,
           (SELECT count(*)
              FROM procrastinate_workers
             WHERE last_heartbeat >= now() - %(stalled_after)s) AS workers,
           (SELECT extract(epoch FROM now() - max(last_heartbeat))::float
              FROM procrastinate_workers) AS heartbeat_seconds
"""


@dataclass(frozen=True, slots=True)
class ServerFigures:
    server_version: str
    connections: int
    max_connections: int


@dataclass(frozen=True, slots=True)
class JobFigures:
    """The jobs, in seconds and numbers. None: no job is due, or no worker has ever been there.

    Refused is a mail that the mail server will never take: its address is at fault, not the site.
    """

    by_status: dict[str, int]
    stalled: int
    failed_last_day: int
    refused_last_day: int
    oldest_due_seconds: float | None
    workers: int
    heartbeat_seconds: float | None


@dataclass(frozen=True, slots=True)
class DatabaseFigures:
    round_trip_seconds: float
    server: ServerFigures
    jobs: JobFigures
    pending_migrations: Sequence[str]


@dataclass(frozen=True, slots=True)
class CacheFigures:
    round_trip_seconds: float
    server_version: str
    used_memory_bytes: int


@dataclass(frozen=True, slots=True)
class DiskFigures:
    free_bytes: int
    total_bytes: int


def read_database() -> DatabaseFigures | None:
    try:
        with connect_to_postgres() as connection:
            started = time.perf_counter()
            connection.execute("SELECT 1")
            took = time.perf_counter() - started
            return DatabaseFigures(
                took,
                _read_server(connection),
                _read_jobs(connection),
                _read_pending_migrations(connection),
            )
    except psycopg.Error as error:
        logger.warning("PostgreSQL does not tell its figures: %s", " ".join(str(error).split()))
        return None


def read_cache() -> CacheFigures | None:
    client = redis_client()
    try:
        client.ping()
        started = time.perf_counter()
        client.ping()
        took = time.perf_counter() - started
        info = client.info()
    except redis.RedisError as error:
        logger.warning("Redis does not tell its figures: %s", error)
        return None
    finally:
        client.close()
    return CacheFigures(took, info["redis_version"], info["used_memory"])


def read_disk() -> DiskFigures | None:
    """The room for uploads, where they are on this machine's disk."""
    if not isinstance(default_storage, FileSystemStorage):
        return None
    folder = Path(settings.MEDIA_ROOT)
    # The first upload makes the folder.
    there = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(there)
    return DiskFigures(free_bytes=usage.free, total_bytes=usage.total)


def _read_server(connection: psycopg.Connection) -> ServerFigures:
    with connection.cursor(row_factory=class_row(ServerFigures)) as cursor:
        return next(cursor.execute(OF_SERVER))


def _read_jobs(connection: psycopg.Connection) -> JobFigures:
    with connection.cursor(row_factory=class_row(JobFigures)) as cursor:
        parameters = {"stalled_after": STALLED_AFTER, "mail": list(settings.MAIL_JOB_QUEUES)}
        return next(cursor.execute(OF_JOBS, parameters))


def _read_pending_migrations(connection: psycopg.Connection) -> Sequence[str]:
    applied = set(connection.execute("SELECT app, name FROM django_migrations"))
    return [
        f"{app}.{name}"
        for (app, name), replaced in _migrations().items()
        if (app, name) not in applied and not (replaced and applied.issuperset(replaced))
    ]


@functools.cache
def _migrations() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Those of this code, with the ones that each replaces. They stay while a process runs."""
    graph = MigrationLoader(None).graph
    return {key: list(graph.nodes[key].replaces) for key in sorted(graph.nodes)}


database = Probe(read_database, DATABASE_PATIENCE)
cache = Probe(read_cache, 3 * CACHE_PATIENCE)
