"""Pictures in the sizes that a browser chooses from."""

from django import template
from django.core.files.storage import default_storage

from events.covers import HEIGHT, WIDTH
from events.images.variants import WIDTHS, sources_of
from events.models import Event, EventImage
from events.templatetags.events import cover_url

register = template.Library()


@register.inclusion_tag("events/_picture.html")
def picture(
    image: EventImage, *, sizes: str, alt: str, most: int = WIDTHS[-1], is_lazy: bool = True
) -> dict[str, object]:
    """An uploaded picture; ``sizes`` as in HTML, ``most`` pixels wide at most."""
    return {
        "sources": sources_of(str(image.image), image.widths, most=most),
        "sizes": sizes,
        "url": default_storage.url(str(image.image)),
        "alt": alt,
        "width": image.width,
        "height": image.height,
        "is_lazy": is_lazy,
    }


@register.inclusion_tag("events/_picture.html")
def card_cover(event: Event, *, sizes: str, most: int) -> dict[str, object]:
    """Of an event from a listing: its first picture, or the cover that is drawn for it."""
    name = getattr(event, "cover_image", None)
    widths = getattr(event, "cover_widths", None) or []
    return {
        "sources": sources_of(name, widths, most=most) if name else [],
        "sizes": sizes,
        "url": cover_url(event),
        "alt": "",
        "width": WIDTH,
        "height": HEIGHT,
        "is_lazy": True,
    }
