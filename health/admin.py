from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from procrastinate.contrib.django import admin as procrastinate_admin  # noqa: F401  # registers its own
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from eventmate.admin_actions import change_each
from eventmate.admin_lists import LongListAdmin
from eventmate.look_only import LookOnly
from health.access import shown_arguments
from health.exceptions import JobNotRetried
from health.querysets import all_jobs
from health.services import retry_job

LONGEST_IN_LIST = 60


def with_arguments_apart(job: Any) -> Any:
    """The job with ``arguments_text``. Its own are gone: titles, labels and the log of the admin
    name a job with them.
    """
    job.arguments_text = shown_arguments(job)
    job.args = {}
    return job


class StalledFilter(admin.SimpleListFilter):
    title = "stalled"
    parameter_name = "stalled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes, the worker died")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.stalled() if self.value() == "yes" else queryset


class EventInline(admin.TabularInline):
    model = ProcrastinateEvent
    fields = ("type", "at")
    ordering = ("pk",)
    verbose_name_plural = "history"


# Procrastinate's own shows the arguments of every job, also where they are secrets.
admin.site.unregister(ProcrastinateJob)


@admin.register(ProcrastinateJob)
class JobAdmin(LookOnly, LongListAdmin):
    """Jobs are the worker's to change. All that anyone else may do is retry them."""

    list_display = (
        "id",
        "state",
        "task_name",
        "last_event_at",
        "attempts",
        "queue_name",
        "short_arguments",
    )
    list_filter = ("status", StalledFilter, "queue_name", "task_name")
    ordering = ("-id",)
    fields = (
        "id",
        "task_name",
        "arguments",
        "state",
        "queue_name",
        "attempts",
        "priority",
        "scheduled_at",
        "lock",
        "queueing_lock",
        "worker",
    )
    readonly_fields = fields
    inlines = (EventInline,)
    actions = ("retry",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcrastinateJob]:
        return all_jobs().for_operators()

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("procrastinate.change_procrastinatejob")

    @admin.action(description="Retry selected jobs (failed or stalled)", permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[ProcrastinateJob]) -> None:
        change_each(
            self,
            request,
            map(with_arguments_apart, queryset),
            lambda job: retry_job(job_id=job.pk),
            done="put back in the queue",
            refused_by=JobNotRetried,
        )

    @admin.display(description="arguments")
    def arguments(self, job: Any) -> str:
        return str(job.arguments_text)

    @admin.display(description="arguments")
    def short_arguments(self, job: Any) -> str:
        return Truncator(job.arguments_text).chars(LONGEST_IN_LIST)

    @admin.display(description="state", ordering="status")
    def state(self, job: Any) -> str:
        return "stalled" if job.is_stalled else job.status

    @admin.display(description="last change", ordering="last_event_at")
    def last_event_at(self, job: Any) -> Any:
        return job.last_event_at

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        job = super().get_object(request, *args, **kwargs)
        return job and with_arguments_apart(job)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        for job in changes.result_list:
            with_arguments_apart(job)
        return changes

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Nor can secrets be guessed piece by piece (?args__body__contains=...)."""
        return not lookup.startswith("args") and super().lookup_allowed(lookup, value, request)
