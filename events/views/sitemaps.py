"""What search engines ask for before any page."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events.sitemaps import index_document, part_document
from events.views.kept import kept_response

HOUR = 60 * 60


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    return _sitemap(request, index_document())


@require_safe
def part(request: HttpRequest, section: str, number: int) -> HttpResponseBase:
    document = part_document(section, number)
    if document is None:
        raise Http404
    return _sitemap(request, document)


def _sitemap(request: HttpRequest, document: str) -> HttpResponseBase:
    content = document.encode()
    response = kept_response(request, content, content_type="application/xml", max_age=HOUR)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@cache_control(public=True, max_age=HOUR)
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
