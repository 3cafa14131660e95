"""Jobs as operators see them. The tables are Procrastinate's, and its models only read."""

import datetime as dt

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from procrastinate.jobs import Status

# Three signs of life of a worker in a row were missed.
STALLED_AFTER = dt.timedelta(seconds=30)

IS_FAILED = Q(status=Status.FAILED.value)
# The worker of a job is unknown once Procrastinate has cleared the table of dead workers.
IS_STALLED = Q(status=Status.DOING.value) & (
    Q(worker=None) | Q(worker__last_heartbeat__lt=Now() - STALLED_AFTER)
)


class JobQuerySet(QuerySet[ProcrastinateJob]):
    def failed(self) -> "JobQuerySet":
        return self.filter(IS_FAILED)

    def stalled(self) -> "JobQuerySet":
        """Jobs under way whose worker gives no more signs of life."""
        return self.filter(IS_STALLED)

    def in_trouble(self) -> "JobQuerySet":
        return self.filter(IS_FAILED | IS_STALLED)

    def for_operators(self) -> "JobQuerySet":
        """With ``is_stalled``, ``last_event_at`` and the worker."""
        # The event "scheduled" carries the time that a job is meant for.
        events = ProcrastinateEvent.objects.filter(job=OuterRef("pk")).exclude(type="scheduled")
        return self.select_related("worker").annotate(
            is_stalled=ExpressionWrapper(IS_STALLED, BooleanField()),
            last_event_at=Subquery(events.order_by("-at", "-pk").values("at")[:1]),
        )


def all_jobs() -> JobQuerySet:
    return JobQuerySet(ProcrastinateJob)
