"""What Prometheus is told of the services and the jobs; and of what others have registered."""

import logging
import platform
from collections.abc import Iterable, Iterator

import django
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric

from eventmate import __version__
from eventmate.metrics.registry import REGISTRY
from eventmate.metrics.reporting import report
from eventmate.metrics.sharing import process_metrics
from health import figures
from health.checks import run_checks

logger = logging.getLogger(__name__)


class SiteCollector:
    """All of /metrics/. What cannot be known is left out, not zero."""

    def collect(self) -> Iterator[Metric]:
        database_attempt = figures.database.begin()
        checks = run_checks()
        yield build()
        yield GaugeMetricFamily(
            "eventmate_database_up",
            "Whether PostgreSQL answers.",
            value=checks["database"] == "ok",
        )
        if settings.REDIS_URL:
            yield GaugeMetricFamily(
                "eventmate_cache_up", "Whether Redis answers.", value=checks["cache"] == "ok"
            )
        if disk := figures.read_disk():
            yield GaugeMetricFamily(
                "eventmate_media_free_bytes", "Room on the disk of uploads.", value=disk.free_bytes
            )
        if database := database_attempt.result():
            yield from of_server(database)
            yield from of_jobs(database.jobs)
            yield GaugeMetricFamily(
                "eventmate_migrations_pending",
                "Migrations that the database has not seen.",
                value=len(database.pending_migrations),
            )
        if checks["database"] == "ok":
            yield from REGISTRY.collect()
        yield from of_processes()


def build() -> Metric:
    versions = {
        "version": __version__,
        "python": platform.python_version(),
        "django": django.get_version(),
    }
    return InfoMetricFamily("eventmate_build", "What runs here.", value=versions)


def of_processes() -> Iterable[Metric]:
    """What the web workers have counted."""
    report()
    try:
        return process_metrics()
    except OSError as error:
        logger.warning("No metrics of the web workers: %s", error)
        return []


def of_server(found: figures.DatabaseFigures) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "eventmate_database_round_trip_seconds",
        "How long PostgreSQL took for the smallest query.",
        value=found.round_trip_seconds,
    )
    yield GaugeMetricFamily(
        "eventmate_database_connections",
        "Connections to the PostgreSQL server, of everyone.",
        value=found.server.connections,
    )
    yield GaugeMetricFamily(
        "eventmate_database_max_connections",
        "Connections that the PostgreSQL server takes.",
        value=found.server.max_connections,
    )


def of_jobs(found: figures.JobFigures) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("eventmate_jobs", "Jobs by status.", labels=["status"])
    for status in ProcrastinateJob.STATUSES:
        jobs.add_metric([status], found.by_status.get(status, 0))
    yield jobs
    yield GaugeMetricFamily(
        "eventmate_jobs_stalled", "Jobs whose worker died.", value=found.stalled
    )
    yield GaugeMetricFamily(
        "eventmate_jobs_oldest_due_seconds",
        "How long the first job of the queue has been due; 0 where none is.",
        value=max(found.oldest_due_seconds or 0, 0),
    )
    yield GaugeMetricFamily(
        "eventmate_job_workers", "Workers that gave a sign of life lately.", value=found.workers
    )
    if found.heartbeat_seconds is not None:
        yield GaugeMetricFamily(
            "eventmate_job_worker_heartbeat_age_seconds",
            "Since the last sign of life of any worker.",
            value=max(found.heartbeat_seconds, 0),
        )
