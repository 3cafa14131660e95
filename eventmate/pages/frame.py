"""What stands around nearly every page: each part is rendered once in a process for each way that
it looks, of which there are few.
"""

import functools
import re
from typing import Any

from django import template
from django.conf import settings
from django.core.files.storage import storages
from django.template import Context, Engine
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

LINK = re.compile(r'href="([^"]*)"')
# More than there are parts and ways that they look, of one site.
MOST_KEPT = 64

register = template.Library()


@register.simple_tag
def site_head() -> SafeString:
    return _part("_head.html")


@register.simple_tag
def site_footer() -> SafeString:
    return _part("_footer.html")


@register.simple_tag(takes_context=True)
def site_header(context: Context) -> SafeString:
    """For ``user``, who is logged in or not; where it links to the page itself, it says so."""
    user = context.get("user")
    words = {
        "is_member": bool(user and user.is_authenticated),
        "has_own_search": bool(context.get("has_own_search")),
    }
    header = _part("_header.html", **words)
    path = getattr(context.get("request"), "path", None)
    # Nearly all pages are none of those, and have the same header.
    if path not in _links(header):
        return header
    return _part("_header.html", **words, current_path=path)


def _part(name: str, **words: Any) -> SafeString:
    return _rendered(
        Engine.get_default(),
        name,
        tuple(words.items()),
        # What the addresses in it are made from.
        (settings.ROOT_URLCONF, get_script_prefix(), storages["staticfiles"]),
    )


@functools.lru_cache(MOST_KEPT)
def _rendered(
    engine: Engine, name: str, words: tuple[tuple[str, Any], ...], site: tuple[Any, ...]
) -> SafeString:
    return engine.get_template(name).render(Context(dict(words)))


@functools.lru_cache(MOST_KEPT)
def _links(html: str) -> frozenset[str]:
    return frozenset(LINK.findall(html))
