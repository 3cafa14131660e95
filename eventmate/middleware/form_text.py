from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponseBase

from eventmate.middleware.malformed import check_text

Handler = Callable[[HttpRequest], HttpResponseBase]


def refuse_malformed_forms(get_response: Handler) -> Handler:
    """The same as malformed.py for what is posted, which body.py has read.

    Inside of the rate limit: to take a large form apart costs more than most pages.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST":
            check_text("form", form_text(request))
        return get_response(request)

    return middleware


def form_text(request: HttpRequest) -> bytes:
    """The fields of a posted form, without its files."""
    if request.content_type == "multipart/form-data":
        fields = request.POST.lists()
        return "".join(name + "".join(values) for name, values in fields).encode()
    if request.content_type == "application/x-www-form-urlencoded":
        return unquote_to_bytes(request.body)
    return b""
