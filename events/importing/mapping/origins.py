"""The collections that the import knows, by the fields that their rows have."""

import enum

from events.importing.mapping.fields import Fields
from events.importing.subjects import series_name


class Origin(enum.Enum):
    CONFERENCES = "tech-conferences/conference-data"
    RUBY_EVENTS = "rubyevents/rubyevents"
    OTHER = "other"


SIGNS = {
    Origin.RUBY_EVENTS: {"series", "kind", "startdate", "firststarttime"},
    Origin.CONFERENCES: {"name", "url", "startdate", "topics"},
}
SERIES_LIMIT = 60
KINDS = {"conference", "hackathon", "meetup", "retreat", "workshop"}


def origin_of(fields: Fields) -> Origin:
    return next((origin for origin, signs in SIGNS.items() if signs <= fields.names), Origin.OTHER)


def default_host(fields: Fields, origin: Origin) -> str:
    if origin is Origin.CONFERENCES:
        return "Tech Conferences"
    series = fields.line("series", SERIES_LIMIT) if origin is Origin.RUBY_EVENTS else ""
    return series_name(series) or "Imported events"


def default_topic(origin: Origin) -> str:
    return "ruby" if origin is Origin.RUBY_EVENTS else ""


def kind_of(fields: Fields, origin: Origin) -> str:
    """What the event is, for "Python conference in Berlin": one of KINDS, or "event"."""
    kind = fields.line("kind").lower()
    if origin is Origin.CONFERENCES:
        kind = "conference"
    return kind if kind in KINDS else "event"
