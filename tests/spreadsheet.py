"""Reading an XLSX file, as far as tests need it."""

import io
import zipfile
from xml.etree import ElementTree

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet_of(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(SHEET)


def cells_of(content: bytes) -> list[list[str]]:
    """The texts of the cells that are not empty, row by row."""
    root = ElementTree.fromstring(sheet_of(content))  # noqa: S314  # our own
    return [
        ["".join(cell.itertext()) for cell in row.iter(f"{NAMESPACE}c")]
        for row in root.iter(f"{NAMESPACE}row")
    ]
