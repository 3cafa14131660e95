from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from events.covers import draw_cover

MONTH = 30 * 24 * 60 * 60


@require_safe
@cache_control(public=True, max_age=MONTH)
def cover(request: HttpRequest, category_slug: str, slug: str) -> HttpResponse:
    return HttpResponse(draw_cover(category_slug, slug), content_type="image/svg+xml")
