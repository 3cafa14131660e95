"""JSON: a list of objects, an object with a list named "events", or one object after another
(JSON Lines). Objects are decoded one at a time, so that each is known by its line and a long file
is never in memory.
"""

from collections.abc import Iterator

from events.importing.readers.scanner import Scanner
from events.importing.readers.source import FileFormat, RawRow, RowSource
from events.importing.readers.text_file import TextFile

LIST_NAME = "events"


def read_json(file: TextFile) -> RowSource:
    """Raises UnreadableFile if any of it is not JSON: half a file is no file."""
    for _row in rows_of(file):
        pass
    return RowSource(file_format=FileFormat.JSON, line_count=file.line_count, rows=rows_of(file))


def rows_of(file: TextFile) -> Iterator[RawRow]:
    is_list = has_list(file)
    with file.opened() as text:
        scanner = Scanner(text)
        yield from rows_in_list(scanner) if is_list else rows_in_sequence(scanner)


def has_list(file: TextFile) -> bool:
    """Whether it holds its events in a list, or stands for them itself."""
    with file.opened() as text:
        return stands_before_list(Scanner(text))


def stands_before_list(scanner: Scanner) -> bool:
    """Goes to the list: the whole, or what an object calls its events."""
    if scanner.peek() == "[":
        return True
    scanner.expect("{")
    while scanner.peek() != "}":
        name = scanner.value()
        scanner.expect(":")
        if name == LIST_NAME and scanner.peek() == "[":
            return True
        scanner.value()
        if scanner.peek() != "}":
            scanner.expect(",")
    return False


def rows_in_list(scanner: Scanner) -> Iterator[RawRow]:
    is_all = scanner.peek() == "["
    stands_before_list(scanner)
    scanner.expect("[")
    if scanner.take("]"):
        return
    yield row_of(scanner)
    while not scanner.take("]"):
        scanner.expect(",")
        yield row_of(scanner)
    if is_all and scanner.peek():
        raise scanner.error("something follows the list")


def rows_in_sequence(scanner: Scanner) -> Iterator[RawRow]:
    while scanner.peek():
        yield row_of(scanner)


def row_of(scanner: Scanner) -> RawRow:
    line = scanner.line
    value = scanner.value()
    if isinstance(value, dict):
        return RawRow(line, value)
    return RawRow(line, problem="Not an object with named fields.")
