"""The readable part of an address, made from a title."""

from collections.abc import Iterator
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from django.utils.text import slugify
from text_unidecode import unidecode

from events.models import Event, Host

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST = 200  # leaves room in Event.slug for a number
LONGEST_OF_HOST = 130


def event_slug(*, title: str, event: Event) -> str:
    """A slug for a title in any script, such as no event but this one has."""
    base = slugify(unidecode(title))[:LONGEST].strip("-") or "event"
    taken = _taken(Event.objects.exclude(pk=event.pk), base)
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def host_slugs(*, name: str) -> Iterator[str]:
    """Slugs for a name in any script that no host had just now, the most readable first."""
    base = slugify(unidecode(name))[:LONGEST_OF_HOST].strip("-") or "host"
    taken = _taken(Host.objects.all(), base)
    numbered = (f"{base}-{number}" for number in count(2))
    return (slug for slug in chain([base], numbered) if slug not in taken)


def _taken(rows: "QuerySet[Any]", base: str) -> set[str]:
    """Of the base and its numbered forms, those that a row has: a title may be one letter, with
    which a great many others begin.
    """
    numbered = rows.filter(slug__startswith=base, slug__regex=rf"^{base}(-\d+)?$")
    return set(numbered.values_list("slug", flat=True))
