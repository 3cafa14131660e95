"""Pictures in the sizes that a browser chooses from."""

from collections.abc import Sequence
from html import escape

from django import template
from django.core.files.storage import default_storage
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from events.covers import HEIGHT, WIDTH
from events.images.variants import WIDTHS, sources_of
from events.models import Event, EventImage
from events.templatetags.events import cover_url

register = template.Library()


# Markup that every card has is formatted here: a template takes ten times as long.
PICTURE = '<picture>{}<img src="{}" alt="{}" width="{}" height="{}" {}></picture>'
SOURCE = '<source {}srcset="{}" sizes="{}">'
LAZY = mark_safe('loading="lazy" decoding="async"')
AT_ONCE = mark_safe('fetchpriority="high"')


@register.simple_tag
def picture(
    image: EventImage, *, sizes: str, alt: str, most: int = WIDTHS[-1], is_lazy: bool = True
) -> SafeString:
    """An uploaded picture; ``sizes`` as in HTML, ``most`` pixels wide at most."""
    name = str(image.image)
    return format_html(
        PICTURE,
        _sources(name, image.widths, sizes=sizes, most=most),
        default_storage.url(name),
        alt,
        image.width,
        image.height,
        LAZY if is_lazy else AT_ONCE,
    )


def card_cover(event: Event, *, sizes: str, most: int) -> SafeString:
    """Of an event from a listing: its first picture, or the cover that is drawn for it."""
    name = getattr(event, "cover_image", None)
    widths = getattr(event, "cover_widths", None) or []
    sources = _sources(name, widths, sizes=sizes, most=most) if name else ""
    return SafeString(PICTURE.format(sources, escape(cover_url(event)), "", WIDTH, HEIGHT, LAZY))


def _sources(name: str, widths: Sequence[int], *, sizes: str, most: int) -> SafeString:
    return format_html_join(
        "",
        SOURCE,
        (
            (_type(source.media_type), source.srcset, sizes)
            for source in sources_of(name, widths, most=most)
        ),
    )


def _type(media_type: str) -> str:
    return format_html('type="{}" ', media_type) if media_type else ""
