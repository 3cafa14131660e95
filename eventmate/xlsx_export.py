"""Tables as XLSX files that a spreadsheet opens without harm, made on the disk and then sent."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from django.http import StreamingHttpResponse
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from eventmate.csv_export import FORMULA_STARTS
from eventmate.threads import run_in_thread

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK_SIZE = 1 << 16
COLUMN_WIDTH = 20  # in digits

Row = Sequence[object]


def xlsx_response(
    *, filename: str, header: Sequence[str], batches: Iterable[Sequence[Row]]
) -> StreamingHttpResponse:
    """A download. Of its rows, those of a batch are in memory at once."""
    return StreamingHttpResponse(
        xlsx_chunks(header, batches),
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def xlsx_chunks(header: Sequence[str], batches: Iterable[Sequence[Row]]) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="eventmate-") as folder:
        path = Path(folder) / "table.xlsx"
        workbook = Workbook(path, {"constant_memory": True, "tmpdir": folder})
        table = _Table(workbook, header)
        for batch in batches:
            run_in_thread(table.write, batch)
        run_in_thread(workbook.close)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_SIZE):
                yield chunk


class _Table:
    def __init__(self, workbook: Workbook, header: Sequence[str]) -> None:
        self._sheet: Worksheet = workbook.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, max(len(header) - 1, 0), COLUMN_WIDTH)
        bold = workbook.add_format({"bold": True})
        # As if it were typed after an apostrophe: text, even once somebody has edited it.
        self._quoted = workbook.add_format({"quote_prefix": True})
        self._line = 0
        self._write_row(header, bold)

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._write_row(row)

    def _write_row(self, row: Row, style: Format | None = None) -> None:
        for column, cell in enumerate(row):
            if isinstance(cell, int | float | Decimal):
                self._sheet.write_number(self._line, column, cell, style)
            elif cell:
                text = str(cell)
                is_formula = text.startswith(FORMULA_STARTS)
                self._sheet.write_string(
                    self._line, column, text, self._quoted if is_formula else style
                )
        self._line += 1
