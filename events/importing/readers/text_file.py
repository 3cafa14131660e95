"""A file's text, read as often as needed and never held whole."""

import codecs
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from events.importing.exceptions import UnreadableFile

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
WITHOUT_BYTE_ORDER = {"utf-16", "utf-32"}
CHUNK_SIZE = 1 << 20


class TextFile:
    """A file whose text is known to have the encoding. One reader at a time may have it open."""

    def __init__(self, content: BinaryIO, encoding: str) -> None:
        """Reads the file once. Raises UnreadableFile where its text has another encoding."""
        self._content = content
        self._encoding = _encoding_of(content, encoding)
        self.line_count = 1 + _count_line_breaks(content, self._encoding)

    @contextmanager
    def opened(self, newline: str | None = "") -> Iterator[TextIO]:
        """The text from its beginning; ``newline`` is that of ``open``."""
        self._content.seek(0)
        text = io.TextIOWrapper(self._content, self._encoding, newline=newline)
        try:
            yield text
        finally:
            text.detach()


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[TextFile]:
    """Raises UnreadableFile where there is no such file, or its text has another encoding."""
    with ExitStack() as files:
        try:
            content = files.enter_context(_open_to_read_again(path))
            file = TextFile(content, encoding)
        except OSError as error:
            raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from None
        yield file


def _open_to_read_again(path: Path) -> BinaryIO:
    """What a pipe holds, which can be read once, is copied."""
    file = path.open("rb")
    if file.seekable():
        return file
    copy = tempfile.TemporaryFile()  # noqa: SIM115  # the caller closes it
    with file:
        shutil.copyfileobj(file, copy)
    return copy


def _encoding_of(content: BinaryIO, otherwise: str) -> str:
    """As its byte order mark tells, or else the one given."""
    content.seek(0)
    beginning = content.read(4)
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if beginning.startswith(mark):
            return encoding
    name = codecs.lookup(otherwise).name
    if name in WITHOUT_BYTE_ORDER:
        return f"{name}-{'le' if sys.byteorder == 'little' else 'be'}"
    return otherwise


def _count_line_breaks(content: BinaryIO, encoding: str) -> int:
    """Reads all of it. Raises UnreadableFile at what the encoding does not know."""
    content.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    line_breaks = 0
    while True:
        chunk = content.read(CHUNK_SIZE)
        try:
            line_breaks += decoder.decode(chunk, final=not chunk).count("\n")
        except UnicodeDecodeError as error:
            line = line_breaks + error.object.count(b"\n", 0, error.start) + 1
            raise UnreadableFile(
                f"Line {line} is not {encoding.upper()} (byte 0x{error.object[error.start]:02x}). "
                "Give the file's own with --encoding, such as --encoding cp1252."
            ) from None
        if not chunk:
            return line_breaks
