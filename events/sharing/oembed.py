"""What a site that embeds our pages is told of an event: oembed.com, of the type "rich"."""

import re
from xml.etree import ElementTree

from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html

from events.models import Event
from events.sharing.addresses import public_address
from events.sharing.picture import HEIGHT, WIDTH, picture_address
from events.sharing.xml_text import xml_text

CARD_WIDTH, CARD_HEIGHT = 560, 220
CACHE_AGE = 60 * 60

Answer = dict[str, str | int]


def oembed_address(event: Event, form: str) -> str:
    url = public_address(event.get_absolute_url())
    return public_address(reverse("events:oembed"), {"url": url, "format": form})


def slug_in(address: str) -> str | None:
    """Of the event whose page that is on this site, whatever follows it; else None."""
    scheme, _, rest = address.partition("://")
    ours = public_address("/").partition("://")[2]
    if scheme.lower() not in ("http", "https") or rest[: len(ours)].lower() != ours.lower():
        return None
    path = re.split("[?#]", rest[len(ours) :], maxsplit=1)[0]
    try:
        match = resolve(f"/{path}")
    except Resolver404:
        return None
    return match.kwargs["slug"] if match.view_name == "events:detail" else None


def oembed_of(event: Event, *, max_width: int | None, max_height: int | None) -> Answer:
    """In a frame no larger than the site has room for."""
    width = min(CARD_WIDTH, max_width or CARD_WIDTH)
    height = min(CARD_HEIGHT, max_height or CARD_HEIGHT)
    answer: Answer = {
        "version": "1.0",
        "type": "rich",
        "title": event.title,
        "author_name": event.host.name,
        "author_url": public_address(event.host.get_absolute_url()),
        "provider_name": "EventMate",
        "provider_url": public_address("/"),
        "cache_age": CACHE_AGE,
        "html": _frame(event, width, height),
        "width": width,
        "height": height,
    }
    if (max_width or WIDTH) >= WIDTH and (max_height or HEIGHT) >= HEIGHT:
        answer |= {
            "thumbnail_url": picture_address(event),
            "thumbnail_width": WIDTH,
            "thumbnail_height": HEIGHT,
        }
    return answer


def _frame(event: Event, width: int, height: int) -> str:
    # The link is for readers of feeds and mail, who drop frames.
    return format_html(
        '<blockquote><a href="{}">{}</a></blockquote>'
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"'
        ' sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>',
        public_address(event.get_absolute_url()),
        event.title,
        public_address(reverse("events:embed", args=[event.slug])),
        event.title,
        width,
        height,
    )


def xml_of(answer: Answer) -> bytes:
    root = ElementTree.Element("oembed")
    for name, value in answer.items():
        ElementTree.SubElement(root, name).text = xml_text(str(value))
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
