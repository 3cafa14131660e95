"""What the log says of jobs: which one, and never its arguments. Mail to an account holds secrets,
such as the link that resets its password.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from structlog.contextvars import bound_contextvars
from structlog.typing import EventDict, WrappedLogger

if TYPE_CHECKING:
    from procrastinate.job_context import JobContext
    from procrastinate.worker import Worker

# What Procrastinate adds to its lines, besides the job: the arguments of others, and results.
OTHERS = ("action", "end_timestamp", "jobs", "result", "start_timestamp", "worker")


class Failures(logging.Filter):
    """Of what the worker says of its jobs, those that failed; also where they are tried again."""

    def filter(self, record: logging.LogRecord) -> bool:
        return (
            record.levelno >= logging.WARNING
            or getattr(record, "action", None) == "job_error_retry"
        )


async def name_job(
    call_next: Callable[[], Awaitable[Any]], context: "JobContext", worker: "Worker"
) -> Any:
    """A middleware of the worker: lines that a job writes name it."""
    with bound_contextvars(job=context.job.id, task=context.job.task_name):
        return await call_next()


def name_job_only(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A processor: Procrastinate's own lines name the job in the same way."""
    job = event.get("job")
    if not event["_record"].name.startswith("procrastinate"):
        return event
    for name in OTHERS:
        event.pop(name, None)
    if isinstance(job, dict):
        event["message"] = without_arguments(event["message"], job)
        event["job"], event["task"] = job["id"], job["task_name"]
    return event


def without_arguments(message: str, job: dict[str, Any]) -> str:
    """Procrastinate's message, with the job's name where it quotes the call."""
    return message.replace(job["call_string"], f"{job['task_name']}[{job['id']}]")
