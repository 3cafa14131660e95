"""CSV, with commas, semicolons, tabs or bars between cells and names in its first row."""

import csv
from collections.abc import Iterable, Iterator

from events.importing.exceptions import UnreadableFile
from events.importing.field_names import FIELD_OF_NAME, fold_name
from events.importing.readers.source import FileFormat, RawRow, RowSource
from events.importing.readers.text_file import TextFile

DELIMITERS = ",;\t|"
NEEDED = ("title", "start")
LONGEST_HEADER = 1 << 16


def read_delimited(file: TextFile) -> RowSource:
    """Raises UnreadableFile where the first row does not name what an event cannot do without."""
    first_line = first_line_of(file)
    delimiter = max(DELIMITERS, key=first_line.count)
    names = known_names(first_line, delimiter)
    if missing := [field for field in NEEDED if field not in names]:
        raise UnreadableFile(
            "Neither iCalendar nor JSON, and no CSV whose first row names the columns "
            f"(missing: {', '.join(missing)})."
        )
    return RowSource(
        file_format=FileFormat.CSV,
        line_count=file.line_count,
        rows=rows_of(file, delimiter),
    )


def first_line_of(file: TextFile) -> str:
    with file.opened() as text:
        while (line := text.readline(LONGEST_HEADER)) and not line.strip("\r\n"):
            pass
    return line.partition("\n")[0]


def known_names(first_line: str, delimiter: str) -> set[str]:
    try:
        header = next(csv.reader([first_line], delimiter=delimiter), [])
    except csv.Error:
        return set()
    return {FIELD_OF_NAME.get(fold_name(name), "") for name in header}


def rows_of(file: TextFile, delimiter: str) -> Iterator[RawRow]:
    with file.opened() as text:
        yield from rows_in(text, delimiter)


def rows_in(text: Iterable[str], delimiter: str) -> Iterator[RawRow]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield RawRow(line, problem=f"Not valid CSV: {error}.")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = cells
        elif any(cell.strip() for cell in cells[len(header) :]):
            yield RawRow(line, problem="More cells than the first row has names.")
        else:
            yield RawRow(line, dict(zip(header, cells, strict=False)))
