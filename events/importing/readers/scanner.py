"""JSON from a stream, value by value: what was read is forgotten."""

import json
import re
from typing import Any, TextIO

from events.importing.exceptions import UnreadableFile

SPACE = re.compile(r"[ \t\r\n]*")
DECODER = json.JSONDecoder()
CHUNK_SIZE = 1 << 20
LONGEST_VALUE = 1 << 24
# Of a value that is cut, the decoder complains at its end, or at the start of the last string.
AT_THE_END = 16
CUT_STRING = "Unterminated string"


class Scanner:
    """Stands before a value, or a sign between values; blanks are passed over."""

    def __init__(self, stream: TextIO, chunk_size: int = CHUNK_SIZE) -> None:
        self._stream = stream
        self._chunk_size = chunk_size
        self._text = ""
        self._position = 0
        self._is_whole = False
        # Where in the text lines are counted to, and what is there in the file.
        self._counted = 0
        self._line = 1
        self._column = 1

    @property
    def line(self) -> int:
        """Of the file, on which the next value or sign stands."""
        self.peek()
        self._count_to(self._position)
        return self._line

    def peek(self) -> str:
        """The next sign, which stays; empty at the end."""
        while True:
            space = SPACE.match(self._text, self._position)
            self._position = space.end() if space else self._position
            if self._position < len(self._text) or not self._read_on():
                return self._text[self._position : self._position + 1]

    def take(self, sign: str) -> bool:
        """Whether this sign comes next; then it is passed."""
        found = self.peek() == sign
        self._position += found
        return found

    def expect(self, sign: str) -> None:
        """Raises UnreadableFile where another one stands."""
        if not self.take(sign):
            raise self.error(f"“{sign}” is missing")

    def value(self) -> Any:
        """Raises UnreadableFile where none follows, or one that is longer than LONGEST_VALUE."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._position)
            except json.JSONDecodeError as error:
                if not (self._is_cut(error) and self._read_on()):
                    raise self._error_at(error.pos, error.msg) from None
            except (ValueError, RecursionError) as error:
                raise self.error(str(error)) from None
            else:
                # A number may go on: of "1e+5", what is read ends with "1e+".
                if end + AT_THE_END <= len(self._text) or not self._read_on():
                    self._position = end
                    return value

    def error(self, reason: str) -> UnreadableFile:
        return self._error_at(self._position, reason)

    def _error_at(self, position: int, reason: str) -> UnreadableFile:
        self._count_to(position)
        return UnreadableFile(
            f"Not valid JSON: line {self._line}, column {self._column}: {reason}."
        )

    def _is_cut(self, error: json.JSONDecodeError) -> bool:
        if len(self._text) - self._position > LONGEST_VALUE:
            return False
        return error.msg.startswith(CUT_STRING) or error.pos >= len(self._text) - AT_THE_END

    def _read_on(self) -> bool:
        """False where there is no more."""
        more = "" if self._is_whole else self._stream.read(self._chunk_size)
        self._is_whole = not more
        if more:
            self._count_to(self._position)
            self._text = self._text[self._position :] + more
            self._position = self._counted = 0
        return bool(more)

    def _count_to(self, position: int) -> None:
        breaks = self._text.count("\n", self._counted, position)
        if breaks:
            self._line += breaks
            self._column = position - self._text.rfind("\n", self._counted, position)
        else:
            self._column += position - self._counted
        self._counted = position
