"""Jobs and workers as Procrastinate's worker leaves them in its tables."""

from typing import Any

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

TASK = "events.print_posters"


def queued(task: str = TASK, *, queue: str = "default", lock: str = "", **arguments: Any) -> int:
    job = app.configure_task(task, queue=queue, queueing_lock=lock or None, allow_unknown=True)
    return job.defer(**arguments)


def worker(*, silent_for: int = 0) -> int:
    """A worker that gave its last sign of life so many seconds ago."""
    sql = """
        INSERT INTO procrastinate_workers (last_heartbeat)
        VALUES (now() - %s * interval '1 second') RETURNING id
    """
    return execute(sql, silent_for)


def under_way(*, by: int | None, attempts: int = 0, **job: Any) -> int:
    """A job of this worker. None is a worker whose row is gone."""
    sql = """
        UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s
        WHERE id = %s RETURNING id
    """
    return execute(sql, by, attempts, queued(**job))


def stalled(**job: Any) -> int:
    return under_way(by=None, **job)


def failed(**job: Any) -> int:
    sql = """
        UPDATE procrastinate_jobs SET status = 'failed', attempts = 8 WHERE id = %s RETURNING id
    """
    return execute(sql, under_way(by=None, **job))


def status(pk: int) -> str:
    return ProcrastinateJob.objects.values_list("status", flat=True).get(pk=pk)


def execute(sql: str, *parameters: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
