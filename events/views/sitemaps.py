"""What search engines ask for before any page."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events.sitemaps import index_document, part_document

HOUR = 60 * 60


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    return _xml_response(request, index_document())


@require_safe
def part(request: HttpRequest, section: str, number: int) -> HttpResponseBase:
    document = part_document(section, number)
    if document is None:
        raise Http404
    return _xml_response(request, document)


def _xml_response(request: HttpRequest, document: str) -> HttpResponseBase:
    content = document.encode()
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(content, content_type="application/xml")
        response.headers["X-Robots-Tag"] = "noindex"
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=HOUR)
    return response


@require_safe
@cache_control(public=True, max_age=HOUR)
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")
