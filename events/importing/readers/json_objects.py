"""JSON: a list of objects, an object with a list named "events", or one object after another
(JSON Lines). Objects are decoded one at a time, so that each is known by its line and a long file
is never in memory as objects.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from events.importing.exceptions import UnreadableFile
from events.importing.readers.source import FileFormat, RawRow, RowSource

SPACE = re.compile(r"[ \t\r\n]*")
LIST_NAME = "events"
DECODER = json.JSONDecoder()


def read_json(text: str) -> RowSource:
    """Raises UnreadableFile if any of it is not JSON: half a file is no file."""
    for _row in rows_of(text):
        pass
    return RowSource(
        file_format=FileFormat.JSON, line_count=text.count("\n") + 1, rows=rows_of(text)
    )


def rows_of(text: str) -> Iterator[RawRow]:
    line, counted = 1, 0
    for position, value in values_of(text):
        line += text.count("\n", counted, position)
        counted = position
        if isinstance(value, dict):
            yield RawRow(line, value)
        else:
            yield RawRow(line, problem="Not an object with named fields.")


def values_of(text: str) -> Iterator[tuple[int, Any]]:
    start = skip_space(text, 0)
    list_start = start if text.startswith("[", start) else find_list(text, start)
    if list_start is None:
        yield from values_in_sequence(text, start)
    else:
        yield from values_in_list(text, list_start)


def values_in_list(text: str, start: int) -> Iterator[tuple[int, Any]]:
    position = skip_space(text, start + 1)
    if text.startswith("]", position):
        return
    while True:
        value, end = decode_value(text, position)
        yield position, value
        end = skip_space(text, end)
        if text.startswith("]", end):
            break
        position = expect(text, end, ",")
    if text.startswith("[", skip_space(text, 0)) and skip_space(text, end + 1) != len(text):
        raise invalid(text, end + 1, "something follows the list")


def values_in_sequence(text: str, start: int) -> Iterator[tuple[int, Any]]:
    position = start
    while position < len(text):
        value, end = decode_value(text, position)
        yield position, value
        position = skip_space(text, end)


def find_list(text: str, start: int) -> int | None:
    """Where in an object the list of events begins; None if it has none."""
    position = skip_space(text, start + 1)
    while not text.startswith("}", position):
        name, end = decode_value(text, position)
        position = expect(text, skip_space(text, end), ":")
        value, end = decode_value(text, position)
        if name == LIST_NAME and isinstance(value, list):
            return position
        end = skip_space(text, end)
        if text.startswith("}", end):
            break
        position = expect(text, end, ",")
    return None


def decode_value(text: str, position: int) -> tuple[Any, int]:
    try:
        return DECODER.raw_decode(text, position)
    except json.JSONDecodeError as error:
        raise invalid(text, error.pos, error.msg) from None
    except (ValueError, RecursionError) as error:
        raise invalid(text, position, str(error)) from None


def expect(text: str, position: int, sign: str) -> int:
    """The position of what follows a sign that must stand here."""
    if not text.startswith(sign, position):
        raise invalid(text, position, f"“{sign}” is missing")
    return skip_space(text, position + 1)


def skip_space(text: str, position: int) -> int:
    space = SPACE.match(text, position)
    return space.end() if space else position


def invalid(text: str, position: int, reason: str) -> UnreadableFile:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    return UnreadableFile(f"Not valid JSON: line {line}, column {column}: {reason}.")
