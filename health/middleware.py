from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

PREFIXES = ("/health/", "/metrics/")

Handler = Callable[[HttpRequest], HttpResponse]


def answer_health_checks(get_response: Handler) -> Handler:
    """Answer the health endpoints before all middleware that wants a known host, TLS or a session.

    A load balancer asks by address, over plain HTTP, and ALLOWED_HOSTS does not list every address
    of every machine. Nothing that is answered here depends on the Host header.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIXES):
            return get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        request.resolver_match = match
        return match.func(request, *match.args, **match.kwargs)

    return middleware
