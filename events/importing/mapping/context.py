from dataclasses import dataclass

from events.importing.places.locating import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingContext:
    """What the person who runs the import decides, and what the whole file says of itself."""

    host: str = ""
    category: str = ""
    zone: str = "UTC"
    place: Place | None = None
    is_draft: bool = False
    calendar_name: str = ""
    calendar_timezone: str = ""
