"""Jobs that are there if what they are about is."""

from collections.abc import Sequence
from typing import Any

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import Task, configure_task
from procrastinate.types import JSONValue


def defer_in_transaction(
    task: "Task[Any, Any, Any]", jobs: Sequence[dict[str, JSONValue]], *, priority: int
) -> None:
    """Write a job of the task for each of the arguments, in the transaction that is open.

    Inside the worker, task.configure() would write on a connection that knows nothing of this
    transaction, and the job could look for a row that is not there yet.
    """
    configure_task(
        name=task.name,
        queue=task.queue,
        priority=priority,
        job_manager=JobManager(DjangoConnector()),
    ).batch_defer(*jobs)
