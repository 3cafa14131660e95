from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from eventmate.pages.shared import shared_page
from events.models import Event, Host
from events.views.pages import cursor_of, page_of_tag

PAST_SHOWN = 6


@shared_page()
def show(request: HttpRequest, slug: str) -> HttpResponse:
    host = get_object_or_404(Host.objects.for_page(request.user), slug=slug)
    context = {
        "host": host,
        "page": page_of_tag(request, "host", host.pk),
        "past": [] if any(cursor_of(request)) else past_events(host, request.user),
    }
    return render(request, "events/host.html", context)


def past_events(host: Host, user: object) -> list[Event]:
    """The latest of those that took place."""
    events = Event.objects.filter(host=host).published().past().for_listing(user)
    return list(events.order_by("-ends_at", "-pk")[:PAST_SHOWN])
