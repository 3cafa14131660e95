"""iCalendar (RFC 5545), event by event, so that each is known by its line and one that is broken
does not take the others with it.
"""

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from icalendar import Calendar, Component, Event
from icalendar.error import GloballyUniqueTZIDGuessed

from events.importing.exceptions import UnreadableFile
from events.importing.readers.source import FileFormat, RawRow, RowSource
from events.importing.readers.text_file import TextFile

CALENDAR_MARKS = ("BEGIN:VCALENDAR", "END:VCALENDAR")


@dataclass(slots=True)
class Block:
    """The lines of a component with all that is in it, or one of the calendar's own lines."""

    name: str
    first_line: int
    lines: list[str] = field(default_factory=list)
    depth: int = 0

    @property
    def is_closed(self) -> bool:
        return self.depth == 0

    def add(self, line: str, mark: str) -> None:
        """``mark`` is the line in capitals, in which BEGIN and END are looked for."""
        self.lines.append(line)
        self.depth += mark.startswith("BEGIN:") - mark.startswith("END:")


def read_calendar(file: TextFile) -> RowSource:
    header = read_header(file)
    return RowSource(
        file_format=FileFormat.ICALENDAR,
        line_count=file.line_count,
        rows=rows_of(file),
        calendar_name=str(header.get("X-WR-CALNAME", "")),
        calendar_timezone=str(header.get("X-WR-TIMEZONE", "")),
    )


def read_header(file: TextFile) -> Component:
    """What the calendar says of itself. Parsing its VTIMEZONEs makes them known to its events."""
    lines = [
        line
        for block in blocks_of(file)
        if block.is_closed and (block.name == "VTIMEZONE" or len(block.lines) == 1)
        for line in block.lines
    ]
    try:
        return Calendar.from_ical("\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]))
    except ValueError as error:
        raise UnreadableFile(f"The calendar's head is not iCalendar: {error}.") from None


def rows_of(file: TextFile) -> Iterator[RawRow]:
    for block in blocks_of(file):
        if block.name != "VEVENT":
            continue
        if not block.is_closed:
            yield RawRow(block.first_line, problem="The event has no END:VEVENT.")
            continue
        try:
            with warnings.catch_warnings(action="ignore", category=GloballyUniqueTZIDGuessed):
                event = Event.from_ical("\r\n".join([*block.lines, ""]))
        except ValueError as error:
            yield RawRow(block.first_line, problem=f"Not valid iCalendar: {error}.")
        else:
            yield RawRow(block.first_line, event)


def blocks_of(file: TextFile) -> Iterator[Block]:
    with file.opened(newline=None) as text:
        yield from blocks_in(text)


def blocks_in(text: Iterable[str]) -> Iterator[Block]:
    block: Block | None = None
    for number, line in enumerate(text, 1):
        content = line.rstrip("\n")
        mark = content.strip().upper()
        if block and (mark == "BEGIN:VEVENT" or mark in CALENDAR_MARKS):
            yield block
            block = None
        if mark in CALENDAR_MARKS:
            continue
        block = block or Block(mark.removeprefix("BEGIN:"), number)
        block.add(content, mark)
        if block.is_closed:
            yield block
            block = None
    if block:
        yield block
