"""The values of a row, read by our own names for its fields."""

import math
import re
from collections.abc import Mapping
from typing import Any

from events.importing.exceptions import RowRefused
from events.importing.field_names import FIELD_OF_NAME, fold_name
from events.importing.mapping.text import clean_line, clean_paragraphs

YES = {"true", "yes", "y", "1", "x"}
NO = {"false", "no", "n", "0", ""}


class Fields:
    """A row's values by our own names for them. Where a row has several names for one field, the
    first that holds something counts. Each reading raises RowRefused for what cannot be.
    """

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.names = {fold_name(str(name)) for name in row}
        self._values: dict[str, Any] = {}
        for name, value in row.items():
            field = FIELD_OF_NAME.get(fold_name(str(name)))
            if field and self._values.get(field) in (None, ""):
                self._values[field] = value

    def line(self, field: str, limit: int = 500) -> str:
        text = self._text(field)
        return clean_line(text, field, limit) if text else ""

    def paragraphs(self, field: str) -> str:
        return clean_paragraphs(self._text(field), field)

    def flag(self, field: str) -> bool | None:
        """True or False as the row says; None where it says nothing."""
        value = self._values.get(field)
        if value is None or isinstance(value, bool):
            return value
        word = self.line(field).lower()
        if word not in YES | NO:
            raise RowRefused(f"{field} is “{word}”, neither yes nor no.")
        return word in YES if word else None

    def number(self, field: str) -> float | None:
        text = self.line(field).replace(",", ".")
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            raise RowRefused(f"{field} “{text}” is not a number.") from None
        if not math.isfinite(number):
            raise RowRefused(f"{field} “{text}” is not a number.")
        return number

    def words(self, field: str) -> list[str]:
        """A list of JSON, or a cell with commas or semicolons between its words."""
        value = self._values.get(field)
        parts = value if isinstance(value, list) else re.split(r"[,;]", self._text(field))
        words = (clean_line(_as_text(part, field), field, 60) for part in parts)
        return [word for word in words if word]

    def _text(self, field: str) -> str:
        return _as_text(self._values.get(field), field)


def _as_text(value: Any, field: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise RowRefused(f"{field} is not text.")
