from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from eventmate.pages.recording import shows
from eventmate.pages.shared import shared_page
from events.availability import offer_of
from events.calendars import calendar_of
from events.cards import load_similar
from events.detail import event_to_show_or_404, load_other_dates, load_reviews
from events.models import Event
from events.page_views import count_view
from events.sources import source_in


@require_safe
@shared_page(ignores_query=True)
def show(request: HttpRequest, slug: str) -> HttpResponse:
    event = event_to_show_or_404(slug=slug, user=request.user)
    count_view(request, event)
    if event.series_id is not None:
        shows(f"in-host:{event.host_id}")  # its other dates
    context = {
        "event": event,
        # A copy of the page may lack it: it is of an address without a query.
        "source": source_in(request.GET),
        "offer": offer_of(event),
        "reviews": load_reviews(event),
        "dates": load_other_dates(event),
        "similar": load_similar(event, request.user),
    }
    return render(request, "events/detail.html", context)


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    events = Event.objects.visible_to(request.user).select_related("city")
    event = get_object_or_404(events, slug=slug, is_scheduled=True)
    url = f"{settings.PUBLIC_URL}{event.get_absolute_url()}"
    return HttpResponse(
        calendar_of(event, url),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{event.slug}.ics"'},
    )
