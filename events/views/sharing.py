"""What goes with a link to an event: its picture, and a card that other sites embed. Nobody's
account matters to them, so that anybody may keep them.
"""

from http import HTTPStatus
from typing import Any

from csp.decorators import csp_replace
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from events.availability import offer_of
from events.forms.oembed import OEmbedForm
from events.models import Event
from events.querysets import visible_ticket_types
from events.sharing.oembed import oembed_of, slug_in, xml_of
from events.sharing.picture import VERSION_LENGTH, PictureFacts, facts_of, picture_of

# Seconds for which others may keep what can change at any time.
SHORT = 5 * 60
# ... and what has another address when it changes.
MONTH = 30 * 24 * 60 * 60

SITE = PictureFacts(
    category_slug="events",
    slug="eventmate",
    title="Something good is on near you",
    category="",
    dates="Find it, book it, be there.",
    hours="",
    place="",
    price="",
)


@require_safe
def picture(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _picture_response(request, facts_of(_public_event(slug)))


@require_safe
def site_picture(request: HttpRequest) -> HttpResponseBase:
    return _picture_response(request, SITE)


def _picture_response(request: HttpRequest, facts: PictureFacts) -> HttpResponseBase:
    etag = f'"{facts.digest}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(picture_of(facts), content_type="image/png")
    response.headers["ETag"] = etag
    is_named = request.GET.get("v") == facts.digest[:VERSION_LENGTH]
    patch_cache_control(response, public=True, max_age=MONTH if is_named else SHORT)
    return response


@require_safe
@cache_control(public=True, max_age=SHORT)
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # knows views of one argument
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """A card in a frame of any other site: it does nothing but link, and shows nobody's account."""
    event = _public_event(slug)
    return render(request, "events/embed.html", {"event": event, "offer": offer_of(event)})


@require_safe
@cache_control(public=True, max_age=SHORT)
def oembed(request: HttpRequest) -> HttpResponse:
    form = OEmbedForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors.get_json_data()}, status=HTTPStatus.BAD_REQUEST)
    asked: dict[str, Any] = form.cleaned_data
    if asked["format"] not in ("", "json", "xml"):
        return JsonResponse(
            {"errors": {"format": ["json or xml"]}}, status=HTTPStatus.NOT_IMPLEMENTED
        )
    event = _public_event(slug_in(asked["url"]) or "")
    answer = oembed_of(event, max_width=asked["maxwidth"], max_height=asked["maxheight"])
    if asked["format"] == "xml":
        return HttpResponse(xml_of(answer), content_type="text/xml; charset=utf-8")
    return JsonResponse(answer)


def _public_event(slug: str) -> Event:
    """As anybody may see it. A draft is as unknown as what does not exist, to its own host as well:
    what they are shown must not be kept for others.
    """
    events = (
        Event.objects.visible_to(AnonymousUser())
        .select_related("city", "category", "host")
        .prefetch_related(visible_ticket_types(), "images")
    )
    return get_object_or_404(events, slug=slug)
