"""The pages for errors, and for a database that cannot answer.

Django ends every exception of a request here, whatever raised it: a view, a template, the loading
or the saving of a session. A middleware would see only some of them.
"""

import logging
import sys
from collections.abc import Iterator, Mapping
from http import HTTPStatus

from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.log import log_response
from django.views import defaults

RETRY_AFTER = 5

# Of SQLSTATE, the classes and codes by which PostgreSQL says that it cannot now, not that it was
# asked something wrong: connections, logins, deadlocks, resources, shutdown and timeouts, the
# machine. https://www.postgresql.org/docs/current/errcodes-appendix.html
OUTAGES = ("08", "28", "40", "53", "57", "58", "25P03", "3D000", "55P03")

logger = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database could not answer. Touches no database itself."""
    return _outage_page(request, sys.exc_info()[1]) or defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 503: a session that could not be saved is reported as the visitor's bad request."""
    return _outage_page(request, exception) or defaults.bad_request(request, exception)


def _outage_page(request: HttpRequest, exception: BaseException | None) -> HttpResponse | None:
    """A 503 with Retry-After and one line in the log, if an outage is behind the exception."""
    outage = next(filter(is_outage, _chain(exception)), None)
    if outage is None:
        return None
    response = unavailable(request, "The database does not answer. Please try again.")
    # Django's own line would come with a traceback for every visitor.
    log_response(
        "%s %s: database outage: %s",
        request.method,
        request.path,
        " ".join(str(outage).split()),
        response=response,
        request=request,
        logger=logger,
    )
    response.is_outage_page = True  # type: ignore[attr-defined]
    return response


def is_outage_page(response: HttpResponseBase) -> bool:
    """Whether it is the answer in place of one that needs the database."""
    return getattr(response, "is_outage_page", False)


def unavailable(request: HttpRequest, message: str) -> HttpResponse:
    """503 with Retry-After."""
    headers = {"Retry-After": str(RETRY_AFTER)}
    return error_page(request, HTTPStatus.SERVICE_UNAVAILABLE, message, headers)


def error_page(
    request: HttpRequest, status: HTTPStatus, message: str, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The template named after the status, or the message as JSON, as the client prefers."""
    headers = {"Cache-Control": "no-store", **(headers or {})}
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse({"error": message}, status=status, headers=headers)
    return HttpResponse(render_to_string(f"{status}.html"), status=status, headers=headers)


def is_outage(exception: BaseException) -> bool:
    """Whether it says that the database cannot answer now, and a later try may well succeed."""
    if not isinstance(exception, Error):
        return False
    state = getattr(exception.__cause__, "sqlstate", None)
    if state is None:
        # The client's own: no connection, a lost one, a full pool.
        return isinstance(exception, OperationalError | InterfaceError)
    return state.startswith(OUTAGES)


def _chain(exception: BaseException | None) -> Iterator[BaseException]:
    """The exception and what led to it, as a traceback shows them."""
    while exception is not None:
        yield exception
        hidden = None if exception.__suppress_context__ else exception.__context__
        exception = exception.__cause__ or hidden
