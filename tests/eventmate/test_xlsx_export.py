import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from eventmate.csv_export import FORMULA_STARTS
from eventmate.xlsx_export import xlsx_chunks
from tests.spreadsheet import cells_of, sheet_of


def read(*batches: list[list[object]]) -> list[list[str]]:
    return cells_of(b"".join(xlsx_chunks(["a", "b"], batches)))


def test_rows_of_all_batches_stand_below_the_header() -> None:
    rows = read([["Zoë <&>", 3]], [[Decimal("12.50"), -1], ["", None]])

    assert rows[:3] == [["a", "b"], ["Zoë <&>", "3"], ["12.50", "-1"]]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_text_that_a_spreadsheet_would_run_is_text_for_good(start: str) -> None:
    content = b"".join(xlsx_chunks(["a"], [[[f"{start}1+1"]]]))

    assert b"<f>" not in sheet_of(content)
    assert cells_of(content)[1][0].endswith("1+1")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b'quotePrefix="1"' in archive.read("xl/styles.xml")


def test_signs_that_xml_has_no_room_for_do_no_harm() -> None:
    assert read([["a\x07b\ufffe\U0001f3b7", "x" * 40_000]])[1][0].startswith("a")


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    chunks = xlsx_chunks(["a"], [[["b"]]])

    next(chunks)
    assert any(tmp_path.iterdir())
    chunks.close()

    assert not any(tmp_path.iterdir())


def test_batches_are_taken_one_after_another() -> None:
    alive: list[int] = []

    def batches() -> Iterator[list[list[object]]]:
        for number in range(3):
            alive.append(number)
            yield [[number]]

    assert cells_of(b"".join(xlsx_chunks(["n"], batches()))) == [["n"], ["0"], ["1"], ["2"]]
    assert alive == [0, 1, 2]
