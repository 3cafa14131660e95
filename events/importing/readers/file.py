"""Opens a file of any format that can be imported."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from events.importing.exceptions import UnreadableFile
from events.importing.readers.calendar import read_calendar
from events.importing.readers.delimited import read_delimited
from events.importing.readers.json_objects import read_json
from events.importing.readers.source import RowSource
from events.importing.readers.text_file import TextFile, open_text

CALENDAR_START = re.compile(r"BEGIN:V(CALENDAR|EVENT)\b", re.IGNORECASE)
BEGINNING = 20


@contextmanager
def open_rows(path: Path, encoding: str = "utf-8") -> Iterator[RowSource]:
    """The rows of a file, whose format its content tells. Raises UnreadableFile."""
    with open_text(path, encoding) as file:
        yield read_rows(file)


def read_rows(file: TextFile) -> RowSource:
    beginning = beginning_of(file)
    if not beginning:
        raise UnreadableFile("The file is empty.")
    if CALENDAR_START.match(beginning):
        return read_calendar(file)
    if beginning[0] in "[{":
        return read_json(file)
    return read_delimited(file)


def beginning_of(file: TextFile) -> str:
    """Its first signs after what is blank."""
    with file.opened() as text:
        beginning = ""
        while len(beginning) < BEGINNING and (more := text.read(BEGINNING)):
            beginning = (beginning + more).lstrip()
    return beginning[:BEGINNING]
