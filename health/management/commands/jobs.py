import argparse
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from health.access import shown_arguments
from health.exceptions import JobNotRetried
from health.querysets import all_jobs
from health.services import retry_job

HEADINGS = ("JOB", "STATE", "SINCE", "ATTEMPTS", "QUEUE", "WHY", "TASK")


class Command(BaseCommand):
    help = (
        "List the jobs that failed, and those that stalled because their worker died; or put them"
        " back in the queue. Stalled jobs go on by themselves a minute or two after a worker runs."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--retry", type=int, nargs="+", metavar="JOB", default=[], help="retry these jobs"
        )
        parser.add_argument("--retry-failed", action="store_true", help="retry all failed jobs")
        parser.add_argument("--retry-stalled", action="store_true", help="retry all stalled jobs")

    def handle(
        self,
        *args: Any,
        retry: list[int],
        retry_failed: bool,
        retry_stalled: bool,
        **options: Any,
    ) -> None:
        if not (retry or retry_failed or retry_stalled):
            self._list()
            return
        chosen = dict.fromkeys(retry)
        if retry_failed:
            chosen |= dict.fromkeys(all_jobs().failed().values_list("pk", flat=True))
        if retry_stalled:
            chosen |= dict.fromkeys(all_jobs().stalled().values_list("pk", flat=True))
        self._retry(chosen)

    def _list(self) -> None:
        rows = [row_of(job) for job in all_jobs().in_trouble().for_operators().order_by("pk")]
        if not rows:
            self.stdout.write("No job failed or stalled.")
            return
        for line in aligned([HEADINGS, *rows]):
            self.stdout.write(line)

    def _retry(self, job_ids: Iterable[int]) -> None:
        refusals = []
        retried = 0
        for job_id in job_ids:
            try:
                retry_job(job_id=job_id)
            except JobNotRetried as error:
                refusals.append(str(error))
            else:
                retried += 1
        jobs = "1 job is" if retried == 1 else f"{retried} jobs are"
        self.stdout.write(f"{jobs} back in the queue.")
        if refusals:
            raise CommandError("\n".join(refusals))


def row_of(job: Any) -> tuple[str, ...]:
    return (
        str(job.pk),
        "stalled" if job.is_stalled else job.status,
        f"{job.last_event_at:%Y-%m-%d %H:%M} UTC",
        str(job.attempts),
        job.queue_name,
        reason(job),
        f"{job.task_name}({shown_arguments(job)})",
    )


def reason(job: Any) -> str:
    """Why the job is in trouble, as far as the tables tell."""
    if not job.is_stalled:
        return "see the worker's log"
    if job.worker is None:
        return "its worker is gone"
    silent = timezone.now() - job.worker.last_heartbeat
    return f"worker {job.worker.pk} has been silent for {silent.total_seconds():.0f} s"


def aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(map(str.ljust, row, widths)).rstrip()
