from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from eventmate.pages.shared import shared_page
from events.host_page import host_or_404, past_events
from events.views.pages import cursor_of, page_of_tag


@shared_page()
def show(request: HttpRequest, slug: str) -> HttpResponse:
    host = host_or_404(slug, request.user)
    context = {
        "host": host,
        "page": page_of_tag(request, "host", host.pk),
        "past": [] if any(cursor_of(request)) else past_events(host, request.user),
    }
    return render(request, "events/host.html", context)
