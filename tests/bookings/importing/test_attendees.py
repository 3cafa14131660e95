"""What is understood of a CSV file of attendees, and what is said of the rest."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.importing.attendees import (
    Attendee,
    LineProblem,
    UnreadableAttendeeFile,
    read_attendees,
    text_of,
)
from events.models import TicketType

STANDARD, BALCONY = TicketType(pk=1, name="Standard"), TicketType(pk=2, name="Balcony Left")


def read(text: str, *ticket_types: TicketType) -> list[Attendee | LineProblem]:
    return list(read_attendees(text, ticket_types or (STANDARD, BALCONY)))


@pytest.mark.parametrize(
    "header",
    ["name,email,ticket type", "Name;E-Mail;Ticket_Type", "TYPE\tAttendee name\tE-mail address"],
)
def test_columns_go_by_several_names_in_any_order(header: str) -> None:
    delimiter = next(sign for sign in ",;\t" if sign in header)
    cells = ["Ada Lovelace", "ada@example.com", "balcony  left"]
    if header.startswith("TYPE"):
        cells = [cells[2], *cells[:2]]

    assert read(f"{header}\n{delimiter.join(cells)}\n") == [
        Attendee(2, "Ada Lovelace", "ada@example.com", 2)
    ]


def test_where_there_is_one_ticket_type_it_need_not_be_named() -> None:
    assert read("name,email\nAda,ada@example.com", STANDARD) == [
        Attendee(2, "Ada", "ada@example.com", 1)
    ]


def test_columns_that_mean_nothing_and_empty_lines_are_passed_over() -> None:
    text = 'seat,name,email,type\r\n\r\n7," Ada\nLovelace ",ada@example.com,Standard\r\n,,,\r\n'

    assert read(text) == [Attendee(3, "Ada Lovelace", "ada@example.com", 1)]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",ada@example.com,Standard", "The name is missing."),
        ("Ada,,Standard", "The e-mail address is missing."),
        ("Ada,ada@,Standard", "“ada@” is not an e-mail address."),
        ("Ada,ada@example.com,", "The ticket type is missing. There are “Standard”, “Balcony"),
        ("Ada,ada@example.com,Pit", "There is no ticket type “Pit”, only “Standard”, “Balcony"),
        (f"{'x' * 151},ada@example.com,Standard", "The name is longer than 150 characters."),
        (f"Ada,{'x' * 64}@{'y.' * 120}example.com,Standard", "The e-mail address is longer"),
        ("A\0da,ada@example.com,Standard", "There is a control character in the name."),
        ("Ada,ada@example.com,Standard,more", "More cells than the first row has names."),
        ('"Ada"x,ada@example.com,Standard', "Not valid CSV"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why(row: str, told: str) -> None:
    good = "Ada,ada@example.com,Standard"

    first, problem, last = read(f"name,email,type\n{good}\n{row}\n{good}\n")

    assert isinstance(problem, LineProblem)
    assert problem.line == 3
    assert problem.message.startswith(told)
    assert (first.line, last.line) == (2, 4)


def test_names_of_all_scripts_are_names() -> None:
    for name in ("Zoë", "محمد\u200cعلی", "李小龍", "Ólafur Þór"):
        assert read(f"name,email\n{name},ada@example.com", STANDARD) == [
            Attendee(2, name, "ada@example.com", 1)
        ]


def test_ticket_types_of_one_name_cannot_be_told_apart() -> None:
    (problem,) = read(
        "name,email,type\nAda,a@example.com,Standard", STANDARD, TicketType(pk=3, name="standard")
    )

    assert problem == LineProblem(2, "Two ticket types are called “Standard”.")


@pytest.mark.parametrize("text", ["", "\n\n", "name,email,ticket type\n", "a,b\n1,2\n", "\0"])
def test_a_file_of_something_else_is_refused(text: str) -> None:
    with pytest.raises(UnreadableAttendeeFile):
        read(text)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UnreadableAttendeeFile, match="does not name email and ticket type"):
        read("name\nAda")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_in_any_form_is_read(encoding: str) -> None:
    assert text_of("name\nZoë".encode(encoding)) == "name\nZoë"


def test_another_encoding_is_refused_with_the_line() -> None:
    with pytest.raises(UnreadableAttendeeFile, match="Line 2 is not UTF-8"):
        text_of("name\nZoë".encode("cp1252"))


@given(st.binary())
def test_whatever_is_sent_is_read_or_refused(content: bytes) -> None:
    with suppress(UnreadableAttendeeFile):
        read(text_of(content))


@given(st.lists(st.lists(st.text(), min_size=3, max_size=3), max_size=5))
def test_whatever_cells_hold_is_an_attendee_or_a_problem(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["name", "email", "type"], *rows])
    try:
        outcomes = read(file.getvalue())
    except UnreadableAttendeeFile:
        outcomes = []

    for outcome in outcomes:
        assert isinstance(outcome, Attendee | LineProblem)
        assert "\0" not in getattr(outcome, "name", "")
