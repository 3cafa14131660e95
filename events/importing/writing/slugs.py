"""Readable addresses in ASCII, the same in every import of the same rows."""

import hashlib

from django.utils.text import slugify
from text_unidecode import unidecode

from events.importing.record import EventRecord

EVENT_LIMIT, CITY_LIMIT, HOST_LIMIT = 200, 110, 130


def slug_of(text: str, limit: int) -> str:
    """Cut between words where it is too long; empty where the text has no letters or digits."""
    slug = slugify(unidecode(text))
    if len(slug) <= limit:
        return slug
    whole_words = slug[: limit + 1].rpartition("-")[0]
    return whole_words or slug[:limit]


def event_slugs(record: EventRecord) -> list[str]:
    """The slugs that the event may have, the most readable first. The last is no other event's."""
    title = slug_of(record.title, EVENT_LIMIT - 40) or "event"
    year = str(record.schedule.start.year)
    if year not in title.split("-"):
        title = f"{title}-{year}"
    place = record.place.name if record.place else "online" if record.is_online else ""
    city = slug_of(place, 28)
    mark = hashlib.sha256(record.uid.encode()).hexdigest()[:8]
    with_city = f"{title}-{city}" if city else title
    return [title, with_city, f"{with_city}-{mark}"]


def host_slug(name: str) -> str:
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return slug_of(name, HOST_LIMIT) or f"host-{mark}"


def city_slugs(name: str, region: str, country: str) -> list[str]:
    """The slugs that a city may have, the most readable first. The last is no other city's."""
    mark = hashlib.sha256(f"{name}|{region}|{country}".encode()).hexdigest()[:8]
    plain = slug_of(name, CITY_LIMIT - 10)
    with_region = slug_of(f"{name} {region or country}", CITY_LIMIT)
    return [slug for slug in (plain, with_region) if slug] + [f"{plain or 'city'}-{mark}"]
