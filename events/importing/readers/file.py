"""Opens a file of any format that can be imported."""

import codecs
import re
from pathlib import Path

from events.importing.exceptions import UnreadableFile
from events.importing.readers.calendar import read_calendar
from events.importing.readers.delimited import read_delimited
from events.importing.readers.json_objects import read_json
from events.importing.readers.source import RowSource

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
CALENDAR_START = re.compile(r"BEGIN:V(CALENDAR|EVENT)\b", re.IGNORECASE)


def open_rows(path: Path, encoding: str = "utf-8") -> RowSource:
    """The rows of a file, whose format its content tells. Raises UnreadableFile."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from None
    text = decode(content, encoding)
    beginning = text.lstrip()[:20]
    if not beginning:
        raise UnreadableFile("The file is empty.")
    if CALENDAR_START.match(beginning):
        return read_calendar(text)
    if beginning[0] in "[{":
        return read_json(text)
    return read_delimited(text)


def decode(content: bytes, encoding: str) -> str:
    """The text, in the encoding that its byte order mark tells, or else in the one given."""
    for mark, marked_encoding in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            encoding = marked_encoding
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"Line {line} is not {encoding.upper()} (byte 0x{content[error.start]:02x}). "
            "Give the file's own with --encoding, such as --encoding cp1252."
        ) from None
