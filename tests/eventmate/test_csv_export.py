import csv
import io
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventmate.csv_export import FORMULA_STARTS, csv_lines, csv_response


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    _, line = csv_lines(["name"], [[f"{start}1+1"]])

    assert list(csv.reader(io.StringIO(line, newline=""))) == [[f"'{start}1+1"]]


def test_numbers_and_other_text_stay_as_they_are() -> None:
    header, line = csv_lines(["a"], [[-1, Decimal("-2.50"), "a=b", 'say "hi", Zoë', None, ""]])

    assert header == "\ufeffa\r\n"
    assert line == '-1,-2.50,a=b,"say ""hi"", Zoë",,\r\n'


@given(st.lists(st.text(st.characters(exclude_characters="\x00")), min_size=1))
def test_every_cell_is_read_again_but_no_formula(cells: list[str]) -> None:
    _, line = csv_lines([], [cells])

    (read,) = csv.reader(io.StringIO(line, newline=""))
    assert [cell.removeprefix("'") for cell in read] == [cell.removeprefix("'") for cell in cells]
    assert not any(cell.startswith(FORMULA_STARTS) for cell in read)


def test_rows_are_taken_only_as_they_are_sent() -> None:
    taken: list[int] = []

    def rows() -> Iterator[list[int]]:
        for number in range(3):
            taken.append(number)
            yield [number]

    body = iter(csv_response(filename="n.csv", header=["n"], rows=rows()))

    assert next(body) == b"\xef\xbb\xbfn\r\n"
    assert taken == []
    assert next(body) == b"0\r\n"
    assert taken == [0]
