"""CSV, with commas, semicolons, tabs or bars between cells and names in its first row."""

import csv
import io
from collections.abc import Iterator

from events.importing.exceptions import UnreadableFile
from events.importing.field_names import FIELD_OF_NAME, fold_name
from events.importing.readers.source import FileFormat, RawRow, RowSource

DELIMITERS = ",;\t|"
NEEDED = ("title", "start")


def read_delimited(text: str) -> RowSource:
    """Raises UnreadableFile where the first row does not name what an event cannot do without."""
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    names = known_names(first_line, delimiter)
    if missing := [field for field in NEEDED if field not in names]:
        raise UnreadableFile(
            "Neither iCalendar nor JSON, and no CSV whose first row names the columns "
            f"(missing: {', '.join(missing)})."
        )
    return RowSource(
        file_format=FileFormat.CSV,
        line_count=text.count("\n") + 1,
        rows=rows_of(text, delimiter),
    )


def known_names(first_line: str, delimiter: str) -> set[str]:
    try:
        header = next(csv.reader([first_line], delimiter=delimiter), [])
    except csv.Error:
        return set()
    return {FIELD_OF_NAME.get(fold_name(name), "") for name in header}


def rows_of(text: str, delimiter: str) -> Iterator[RawRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
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
