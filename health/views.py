"""For load balancers and monitors: JSON, never cached, for GET and HEAD."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from eventmate import __version__
from health.checks import overall, run_checks


def endpoint(view: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    return cache_control(no_store=True)(require_safe(view))


@endpoint
def live(request: HttpRequest) -> HttpResponse:
    """Whether this process runs. Touches nothing: a restart would not mend PostgreSQL."""
    return JsonResponse({"status": "ok"})


@endpoint
def ready(request: HttpRequest) -> HttpResponse:
    """Whether to send visitors here: 200, or 503 while PostgreSQL does not answer."""
    checks = run_checks()
    return answer(checks, {"status": overall(checks)} | checks)


@endpoint
def index(request: HttpRequest) -> HttpResponse:
    """What runs here and how it is, for people."""
    checks = run_checks()
    return answer(checks, {"status": overall(checks), "checks": checks, "version": __version__})


def answer(checks: Mapping[str, str], content: Mapping[str, object]) -> JsonResponse:
    return JsonResponse(content, status=503 if checks["database"] == "unavailable" else 200)
