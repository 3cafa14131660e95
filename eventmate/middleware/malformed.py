from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

METHODS = ["GET", "HEAD", "POST", "OPTIONS"]

Handler = Callable[[HttpRequest], HttpResponseBase]


def refuse_malformed_requests(get_response: Handler) -> Handler:
    """Refuse what no page can use and PostgreSQL cannot store: text with a NUL, or not UTF-8.

    So everything inside can take text for text; form_text.py looks at forms. TRACE is refused as
    well: it would send the request's cookies back to a script that may not read them.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method == "TRACE":
            return HttpResponseNotAllowed(METHODS)
        for name, text in texts_of(request):
            check_text(name, text)
        return get_response(request)

    return middleware


def texts_of(request: HttpRequest) -> Iterator[tuple[str, bytes]]:
    """What the visitor sent but for a body, decoded from percent signs and quotes, in bytes."""
    # Django has put what was not UTF-8 in a path back behind percent signs: text like any other.
    yield "path", request.path_info.encode()
    yield "query", unquote_to_bytes(request.META.get("QUERY_STRING", "").encode("latin-1"))
    # A quoted cookie may hold a NUL as "\000".
    yield "cookies", "".join(request.COOKIES.values()).encode(errors="replace")


def check_text(name: str, text: bytes) -> None:
    if b"\0" in text:
        raise BadRequest(f"NUL in the {name}")
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise BadRequest(f"The {name} is not UTF-8") from error
