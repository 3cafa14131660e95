"""How Django takes a request from the server."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from eventmate.call_stack import with_room


class Utf8Request(WSGIRequest):
    """A request whose Content-Type does not choose how Django decodes its query and its form.

    Django would take any codec of Python's, such as base64, and fail before a middleware is asked.
    Forms are UTF-8, as are the pages that they are on.
    """

    @property
    def encoding(self) -> None:
        """Django's word for settings.DEFAULT_CHARSET."""

    @encoding.setter
    def encoding(self, value: str) -> None:
        pass

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # not in the stubs
        except ValueError:  # a parameter in an encoding that there is not
            self.content_type, self.content_params = "", {}


class Handler(WSGIHandler):
    request_class = Utf8Request

    @with_room
    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        return super().__call__(environ, start_response)

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """The body of an answer to HEAD stays here: Gunicorn would drop it, and log that."""
        response = super().get_response(request)
        if request.method == "HEAD" and isinstance(response, HttpResponse):
            response.content = b""
        return response
