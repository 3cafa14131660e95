from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django_http_compression.middleware import HttpCompressionMiddleware

from eventmate.credentials import is_personal

# Bytes. What is smaller fits one packet as it is.
LEAST = 1_000

Handler = Callable[[HttpRequest], HttpResponseBase]


def compress_pages(get_response: Handler) -> Handler:
    """Compress by Zstandard, Brotli or gzip, as the browser prefers, where no secret can leak.

    The length of a compressed page tells whether what somebody had put on it stands there a second
    time, and so, guess by guess, a secret of the visitor's (BREACH). Guesses have to be made by
    another site, in the visitor's browser: docs/adr/0020-compression.md.

    A streaming response is left as it is: it is a download of rows, or a file.
    """
    compression = HttpCompressionMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if is_compressible(compression, response):
            # Also where it is not compressed for this client: a cache between has to know.
            patch_vary_headers(response, ["Accept-Encoding"])
            if is_asked_by_visitor(request) or not is_personal(request, response):
                compression.maybe_compress(request, response)
        return response

    return middleware


def is_compressible(compression: HttpCompressionMiddleware, response: HttpResponseBase) -> bool:
    return (
        isinstance(response, HttpResponse)
        and len(response.content) >= LEAST
        and "Content-Encoding" not in response
        and compression.content_type_re.match(response.get("Content-Type", "")) is not None
    )


def is_asked_by_visitor(request: HttpRequest) -> bool:
    """Whether a page of this site asks for it, or the visitor, by typing or from a bookmark.

    The browser says so, and no script can. Those that do not say are not believed.
    """
    return request.headers.get("Sec-Fetch-Site") in ("same-origin", "none")
