"""What the head of a page tells other sites and programs."""

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from events.models import Event
from events.sharing.addresses import public_address
from events.sharing.json_ld import script_of
from events.sharing.oembed import oembed_address
from events.sharing.picture import HEIGHT, WIDTH, picture_address
from events.templatetags.events import place

register = template.Library()

register.simple_tag(oembed_address, name="oembed_url")
register.simple_tag(picture_address, name="picture_url")


@register.filter
def public_url(path: str) -> str:
    return public_address(path)


@register.filter
def card_text(event: Event) -> str:
    """Such as "Fri 4 Dec 2026, Blue Room, Berlin. Four musicians and a grand piano."."""
    return f"{event.schedule.dates}, {place(event)}. {event.summary}".strip()


@register.filter
def picture_text(event: Event) -> str:
    """What the event's picture says, for people who cannot see it."""
    return f"{event.title}. {event.schedule.dates}, {place(event)}."


@register.simple_tag
def json_ld(event: Event) -> SafeString:
    return script_of(event)


@register.inclusion_tag("events/_share_head.html")
def share_head(
    path: str, *, title: str, description: str, picture: str = "", alt: str = ""
) -> dict[str, object]:
    """The canonical address of a page and its card. Without a picture, it is the site's."""
    return {
        "url": public_address(path),
        "title": title,
        "description": description,
        "picture": picture or public_address(reverse("events:site_picture")),
        "alt": alt or "EventMate: find it, book it, be there",
        "width": WIDTH,
        "height": HEIGHT,
    }
