"""The readable part of an address, made from a title."""

from collections.abc import Iterator
from itertools import chain, count

from django.utils.text import slugify
from text_unidecode import unidecode

from events.models import Event, Host

LONGEST = 200  # leaves room in Event.slug for a number
LONGEST_OF_HOST = 130


def event_slug(*, title: str, event: Event) -> str:
    """A slug for a title in any script, such as no event but this one has."""
    base = slugify(unidecode(title))[:LONGEST].strip("-") or "event"
    others = Event.objects.exclude(pk=event.pk).filter(slug__startswith=base)
    taken = set(others.values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def host_slugs(*, name: str) -> Iterator[str]:
    """Slugs for a name in any script that no host had just now, the most readable first."""
    base = slugify(unidecode(name))[:LONGEST_OF_HOST].strip("-") or "host"
    taken = set(Host.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in count(2))
    return (slug for slug in chain([base], numbered) if slug not in taken)
