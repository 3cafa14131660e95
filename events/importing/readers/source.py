import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


class FileFormat(enum.Enum):
    ICALENDAR = "iCalendar"
    JSON = "JSON"
    CSV = "CSV"


@dataclass(frozen=True, slots=True)
class RawRow:
    """What stands for one event in a file, or the reason why a reader could not make it out."""

    line: int
    content: Any = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSource:
    """A file that can be read, its rows still to come. What a calendar says of itself applies to
    each of its events.
    """

    file_format: FileFormat
    line_count: int
    rows: Iterator[RawRow]
    calendar_name: str = ""
    calendar_timezone: str = ""
