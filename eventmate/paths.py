"""Addresses that are named by slugs. A page of cards has dozens, and reverse() looks through all
ways to spell each of them.
"""

import functools
import re

from django.conf import settings
from django.urls import get_script_prefix, reverse

# What Django's slug converter takes, and what stands for a slug while an address is taken apart.
SLUG = re.compile(r"[-a-zA-Z0-9_]+")
PLACEHOLDER = "-_-_-"


def path_of(view: str, *slugs: str) -> str:
    """The same as reverse(), of a view whose address has these slugs and nothing else to fill in.

    Raises NoReverseMatch.
    """
    if not all(map(SLUG.fullmatch, slugs)):
        return reverse(view, args=slugs)  # which refuses them
    first, *others = _around_slugs(view, len(slugs), settings.ROOT_URLCONF, get_script_prefix())
    return first + "".join(map("".join, zip(slugs, others, strict=True)))


@functools.cache
def _around_slugs(view: str, number: int, urlconf: str, prefix: str) -> list[str]:
    """What an address has before, between and after its slugs. ``prefix`` is where the site is
    mounted, which reverse() knows for itself.
    """
    return reverse(view, urlconf, args=[PLACEHOLDER] * number).split(PLACEHOLDER)
