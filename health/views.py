"""For load balancers, monitors and operators: never cached, for GET and HEAD."""

import functools
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from prometheus_client.exposition import choose_encoder

from eventmate import __version__
from health.access import is_operator
from health.checks import overall, run_checks
from health.metrics import SiteCollector
from health.report import detailed_report

View = Callable[[HttpRequest], HttpResponse]

REFUSAL = (
    "For operators only: send the header Authorization: Bearer and OPERATOR_TOKEN,"
    " or ask from OPERATOR_NETWORKS or the machine itself.\n"
)


def endpoint(view: View) -> Callable[..., HttpResponse]:
    return cache_control(no_store=True)(require_safe(view))


def for_operators(view: View) -> View:
    @functools.wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not is_operator(request):
            return HttpResponseForbidden(REFUSAL, content_type="text/plain; charset=utf-8")
        return view(request)

    return guarded


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


@endpoint
@for_operators
def detailed(request: HttpRequest) -> HttpResponse:
    """The figures of each service and of the jobs."""
    report = detailed_report()
    return answer(report["checks"], report)


@endpoint
@for_operators
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures for Prometheus, in the format that it asks for. 200 whatever is down."""
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(SiteCollector()), content_type=content_type)


def answer(checks: Mapping[str, str], content: Mapping[str, object]) -> JsonResponse:
    return JsonResponse(content, status=503 if checks["database"] == "unavailable" else 200)
