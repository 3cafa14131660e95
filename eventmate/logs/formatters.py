"""How a line looks: the same for all who write one, as JSON or for people."""

import logging
from typing import Any

import structlog
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import EventRenamer, JSONRenderer, TimeStamper
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.typing import EventDict, WrappedLogger

from eventmate.logs.jobs import name_job_only
from eventmate.logs.privacy import scrub, scrub_message
from eventmate.logs.requests import name_request

ACCESS_LOG = "eventmate.access"

# What is made here, and by nobody whose text has to be looked through.
OURS = frozenset({"level", "logger", "pid", "request_id", "timestamp", "user_id"})


def json_formatter() -> logging.Formatter:
    return _formatter(
        TimeStamper(fmt="iso", utc=True),
        _add_process,
        _scrub_all,
        ProcessorFormatter.remove_processors_meta,
        _put_first,
        JSONRenderer(ensure_ascii=False),
    )


def text_formatter(*, colors: bool = False) -> logging.Formatter:
    return _formatter(
        TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=True),
        _scrub_all,
        ProcessorFormatter.remove_processors_meta,
        _tell_request,
        _keep_in_line,
        ConsoleRenderer(
            colors=colors,
            exception_formatter=plain_traceback,
            sort_keys=False,
            pad_event_to=0,
            event_key="message",
        ),
    )


def _formatter(*rendering: Any) -> logging.Formatter:
    return ProcessorFormatter(
        processors=[
            # Before other fields come, of which one may be called "event".
            EventRenamer("message"),
            structlog.contextvars.merge_contextvars,
            ExtraAdder(),
            name_request,
            name_job_only,
            add_log_level,
            add_logger_name,
            # The text of a traceback, without local variables: they hold what nobody may read.
            structlog.processors.format_exc_info,
            _rename_status,
            *rendering,
        ]
    )


def _rename_status(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Django's word for it is the access log's."""
    if "status_code" in event:
        event["status"] = event.pop("status_code")
    return event


def _add_process(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    event["pid"] = event["_record"].process
    return event


def _put_first(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """What every line has, in one order, under the names that collectors of logs know."""
    first = {name: event.pop(name) for name in ("timestamp", "level", "logger", "message")}
    return {**first, **event}


def _scrub_all(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    message = scrub_message(event.pop("message"), event.pop("_request", None))
    scrubbed = {
        name: value if name in OURS or name[0] == "_" else scrub(value)
        for name, value in event.items()
        if value is not None
    }
    return scrubbed | {"message": message}


def _tell_request(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """In an access log for people, what was asked for comes first."""
    if event["logger"] == ACCESS_LOG:
        told = [str(event.pop(name)) for name in ("method", "route", "status") if name in event]
        event["message"] = " ".join(told) or event["message"]
    return event


def _keep_in_line(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Nobody's text begins a line that looks like one of ours, or tells the terminal what to do."""
    shown = {name: _printable(value) for name, value in event.items()}
    return shown | {"message": shown["message"].replace("\n", "\n    ")}


def _printable(value: Any) -> Any:
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(one if one.isprintable() or one == "\n" else repr(one)[1:-1] for one in value)
