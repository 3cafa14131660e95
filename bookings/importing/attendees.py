"""A CSV file of attendees, read line by line: who comes, where their tickets go, and of which
ticket type they are.
"""

import codecs
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from bookings.addresses import validate_address
from events.importing.field_names import fold_name
from events.importing.readers.delimited import DELIMITERS, rows_in
from events.models import TicketType

COLUMN_NAMES = {
    "name": ("name", "full name", "attendee", "attendee name", "guest"),
    "email": ("email", "e-mail", "e-mail address", "email address", "mail"),
    "ticket_type": ("ticket type", "ticket", "type"),
}
COLUMN_OF_NAME = {
    fold_name(name): column for column, names in COLUMN_NAMES.items() for name in names
}
MOST_ROWS = 200_000
NAME_LENGTH = 150
ADDRESS_LENGTH = 254
SHOWN = 60  # characters of what is wrong


class UnreadableAttendeeFile(Exception):
    """Nothing of the file can be read; the message says why, for the host."""


@dataclass(frozen=True, slots=True)
class Attendee:
    line: int
    name: str
    email: str
    ticket_type_id: int


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why a line cannot be taken."""

    line: int
    message: str


class _Refused(Exception):
    """One line cannot be taken; the message says why."""


def text_of(content: bytes) -> str:
    """Raises UnreadableAttendeeFile where it is not Unicode."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableAttendeeFile(
            f"Line {line} is not UTF-8. Save the file as “CSV UTF-8”, and try again."
        ) from None


def read_attendees(
    text: str, ticket_types: Iterable[TicketType]
) -> Iterator[Attendee | LineProblem]:
    """What each line says. Raises UnreadableAttendeeFile where the first row does not name the
    columns that are needed.
    """
    reader = _Reader(ticket_types)
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    columns: dict[str, str] | None = None
    for row in rows_in(io.StringIO(text, newline=""), delimiter):
        if columns is None and row.content is not None:
            columns = reader.columns_of(row.content)
        try:
            if row.problem or columns is None:
                raise _Refused(row.problem)
            cells = {column: row.content.get(name, "") for column, name in columns.items()}
            yield reader.attendee_of(row.line, cells)
        except _Refused as refused:
            yield LineProblem(row.line, str(refused))
    if columns is None:
        raise UnreadableAttendeeFile("There are no attendees in this file.")


class _Reader:
    def __init__(self, ticket_types: Iterable[TicketType]) -> None:
        rows = list(ticket_types)
        self._names = ", ".join(f"“{row.name}”" for row in rows)
        self._only_type = rows[0].pk if len(rows) == 1 else None
        self._type_of_name = {_folded(row.name): row.pk for row in rows}
        named_alike = Counter(_folded(row.name) for row in rows)
        self._ambiguous = {name for name, count in named_alike.items() if count > 1}

    def columns_of(self, names: Iterable[str]) -> dict[str, str]:
        """What the columns that are needed are called in the file."""
        columns = {
            COLUMN_OF_NAME[folded]: name
            for name in names
            if (folded := fold_name(name)) in COLUMN_OF_NAME
        }
        needed = ["name", "email", *([] if self._only_type else ["ticket_type"])]
        if missing := [COLUMN_NAMES[name][0] for name in needed if name not in columns]:
            raise UnreadableAttendeeFile(
                "The first row has to name the columns name, email and ticket type. It does not"
                f" name {' and '.join(missing)}."
            )
        return columns

    def attendee_of(self, line: int, cells: Mapping[str, str]) -> Attendee:
        return Attendee(
            line,
            _name(cells["name"]),
            _email(cells["email"]),
            self._ticket_type(cells.get("ticket_type", "")),
        )

    def _ticket_type(self, text: str) -> int:
        name = _folded(text)
        if not name and self._only_type:
            return self._only_type
        if not name:
            raise _Refused(f"The ticket type is missing. There are {self._names}.")
        if name in self._ambiguous:
            raise _Refused(f"Two ticket types are called “{text[:SHOWN]}”.")
        if name not in self._type_of_name:
            raise _Refused(f"There is no ticket type “{text.strip()[:SHOWN]}”, only {self._names}.")
        return self._type_of_name[name]


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise _Refused("The name is missing.")
    if len(name) > NAME_LENGTH:
        raise _Refused(f"The name is longer than {NAME_LENGTH} characters.")
    if not name.isprintable() and any(unicodedata.category(sign) == "Cc" for sign in name):
        raise _Refused("There is a control character in the name.")
    return name


def _email(text: str) -> str:
    address = text.strip()
    if not address:
        raise _Refused("The e-mail address is missing.")
    try:
        validate_address(address)
    except ValidationError:
        raise _Refused(f"“{address[:SHOWN]}” is not an e-mail address.") from None
    if len(address) > ADDRESS_LENGTH:
        raise _Refused(f"The e-mail address is longer than {ADDRESS_LENGTH} characters.")
    return address


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
