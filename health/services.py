"""Putting jobs back in the queue: the same row, with its history."""

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate import sql
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from health.exceptions import JobNotRetried
from health.querysets import all_jobs

# A job that takes its worker down each time is not tried for ever.
MOST_ATTEMPTS = 10

logger = logging.getLogger(__name__)


class TwinWaits(JobNotRetried):
    """Of jobs of which one is enough, another waits in the queue already."""


@transaction.atomic
def retry_job(*, job_id: int) -> None:
    """Put a failed or stalled job back in the queue, to run at once.

    Raises JobNotRetried where there is no such job, it is neither, or its twin waits already.
    """
    # Of this row only: a live worker's own row is written at each sign of life.
    jobs = all_jobs().for_operators().select_for_update(of=("self",))
    job: Any = jobs.filter(pk=job_id).first()
    if job is None:
        raise JobNotRetried(f"There is no job {job_id}.")
    if job.status != Status.FAILED.value and not job.is_stalled:
        raise JobNotRetried(
            f"Job {job_id} is neither failed nor stalled: its status is {job.status}."
        )
    _enqueue_again(job)


def resume_stalled_jobs(*, running_worker: int | None = None) -> None:
    """Put jobs back in the queue whose worker died. Running it twice at a time is harmless.

    Those of ``running_worker`` are left alone: it is alive, however late its signs of life are.
    """
    stalled = all_jobs().stalled()
    if running_worker is not None:
        stalled = stalled.exclude(worker=running_worker)
    for job_id in stalled.values_list("pk", flat=True):
        with transaction.atomic():
            locked = all_jobs().select_for_update(of=("self",), skip_locked=True)
            if job := locked.stalled().filter(pk=job_id).first():
                _resume(job)


def _resume(job: ProcrastinateJob) -> None:
    name = f"{job.task_name}[{job.pk}]"
    if job.attempts >= MOST_ATTEMPTS:
        logger.error("Given up: %s, whose worker died at attempt %d", name, job.attempts + 1)
        _finish(job, Status.FAILED, delete=False)
        return
    try:
        _enqueue_again(job)
    except TwinWaits:
        logger.warning("Dropped: %s, whose worker died and whose twin waits", name)
        _finish(job, Status.ABORTED, delete=True)
    else:
        logger.warning("Back in the queue: %s, whose worker died", name)


def _enqueue_again(job: ProcrastinateJob) -> None:
    # Procrastinate's app has another connection in a worker, on which this would not be in the
    # transaction.
    manager = JobManager(DjangoConnector())
    try:
        with transaction.atomic():
            manager.retry_job_by_id(job.pk, retry_at=timezone.now())
    except UniqueViolation as error:
        raise TwinWaits(f"Job {job.pk} is not needed: another one like it waits.") from error


def _finish(job: ProcrastinateJob, status: Status, *, delete: bool) -> None:
    DjangoConnector().execute_query(
        sql.queries["finish_job"], job_id=job.pk, status=status.value, delete_job=delete
    )
