"""The readable part of an address, made from a title."""

from django.utils.text import slugify
from text_unidecode import unidecode

from events.models import Event

LONGEST = 200  # leaves room in Event.slug for a number


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
