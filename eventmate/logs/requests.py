"""The request that a line belongs to."""

from typing import Any

from django.utils.functional import LazyObject, empty
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars
from structlog.typing import EventDict, WrappedLogger


def bind_request(request: Any) -> None:
    """Have all lines of this greenlet belong to the request. One connection brings many."""
    clear_contextvars()
    bind_contextvars(request=request)


def forget_request(**kwargs: Any) -> None:
    """A receiver of Django's `request_finished`: its last lines come after all middleware."""
    clear_contextvars()


def bound_request() -> Any:
    """The request that lines belong to now, or None."""
    return get_contextvars().get("request")


def name_request(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A processor: the request's id and user instead of the request."""
    request = event.pop("request", None)
    if not hasattr(request, "id"):
        return event
    event["request_id"] = request.id
    if user := known_user(request):
        event["user_id"] = user
    event["_request"] = request
    return event


def known_user(request: Any) -> int | None:
    """The number of the user, if somebody has asked who it is: this is no reason for a query."""
    user = vars(request).get("user")
    if isinstance(user, LazyObject) and user._wrapped is empty:
        return None
    return getattr(user, "pk", None)
