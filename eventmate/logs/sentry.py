"""Errors to Sentry, without what logs do not keep either."""

from typing import TYPE_CHECKING, Any

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration

from eventmate.logs.jobs import without_arguments
from eventmate.logs.privacy import scrub, scrub_message, scrub_text
from eventmate.logs.requests import bound_request, known_user

if TYPE_CHECKING:
    from sentry_sdk.types import Breadcrumb, Event, Hint

# Of an event, what says what happened. Extra fields, the visitor's headers and cookies, and the
# arguments of a command do not leave the machine.
KEPT = {
    *("breadcrumbs", "contexts", "environment", "event_id", "exception", "level", "logentry"),
    *("logger", "platform", "release", "sdk", "server_name", "timestamp", "transaction"),
    *("transaction_info", "type"),
}


def report_errors(dsn: str, *, environment: str, release: str) -> None:
    """Send uncaught exceptions and lines of level ERROR to the Sentry at that address."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release or None,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        auto_session_tracking=False,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            AtexitIntegration(lambda pending, timeout: None),
            DedupeIntegration(),
            DjangoIntegration(),
            ExcepthookIntegration(),
            LoggingIntegration(),
        ],
        before_send=_without_personal_data,
        before_breadcrumb=_as_the_log_says,
    )


def _without_personal_data(event: "Event", hint: "Hint") -> "Event":
    told: dict[str, Any] = {name: value for name, value in event.items() if name in KEPT}
    if "logentry" in told:
        told["logentry"] = {"message": _message(told["logentry"], hint)}
    if "exception" in told:
        told["exception"] = scrub(told["exception"])
    if request := bound_request():
        told["tags"] = {"request_id": request.id, "method": request.method}
        told["user"] = {"id": known_user(request)}
    elif job := _job(hint):
        told["tags"] = {"job": job["id"], "task": job["task_name"]}
    return told  # type: ignore[return-value]


def _job(hint: "Hint") -> dict[str, Any] | None:
    """The job that a line of Procrastinate's is about."""
    job = getattr(hint.get("log_record"), "job", None)
    return job if isinstance(job, dict) else None


def _message(entry: dict[str, Any], hint: "Hint") -> str:
    record = hint.get("log_record")
    if record is None:
        return scrub_text(str(entry.get("formatted") or entry.get("message")))
    message = record.getMessage()
    if job := _job(hint):
        message = without_arguments(message, job)
    return scrub_message(message, bound_request())


def _as_the_log_says(crumb: "Breadcrumb", hint: "Hint") -> "Breadcrumb | None":
    """Of what came before an error, the lines of the log; not the queries with their values."""
    record = hint.get("log_record")
    if record is None:
        return None
    return {
        "type": "log",
        "category": record.name,
        "level": crumb.get("level"),
        "timestamp": crumb.get("timestamp"),
        "message": _message({}, hint),
    }
