import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.core.signals import request_finished
from django.http import HttpRequest, HttpResponseBase

from eventmate.client_address import is_from_trusted_proxy
from eventmate.logs.requests import bind_request, forget_request

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")

Handler = Callable[[HttpRequest], HttpResponseBase]


def give_request_id(get_response: Handler) -> Handler:
    """Give each request a name, `request.id`, that its lines in the log and its response bear.

    Where a trusted proxy has named it already, that is its name.
    """
    request_finished.connect(forget_request)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.id = id_of(request.META)  # type: ignore[attr-defined]
        bind_request(request)
        response = get_response(request)
        response[HEADER] = request.id  # type: ignore[attr-defined]
        return response

    return middleware


def id_of(environ: Mapping[str, Any]) -> str:
    """What a trusted proxy calls the request, if that can stand in a log and in a header, or else a
    new name.
    """
    name: str = environ.get("HTTP_X_REQUEST_ID", "")
    if name and WELL_FORMED.fullmatch(name) and is_from_trusted_proxy(environ):
        return name
    return secrets.token_hex(8)
