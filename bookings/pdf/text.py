"""Text of any length and script, broken into lines that a page has room for."""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from arabic_reshaper import ArabicReshaper
from bidi.algorithm import get_base_level, get_display
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from bookings.pdf.typeface import EAST_ASIAN, NO_GLYPH, Run, Typeface

LEADING = 1.25  # times the size, from line to line
ASCENT = 0.95  # times the size, from the top of a line to its baseline

# Words, with the blank before them, and a part that ends with a hyphen.
_PIECES = re.compile(f" ?[{EAST_ASIAN}]| ?[^ {EAST_ASIAN}-]*-+| ?[^ {EAST_ASIAN}-]+")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # controls, joiners, halves of characters
_MARKS = frozenset({"Mn", "Me"})


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size, ready to be drawn."""

    lines: tuple[tuple[Run, ...], ...]
    size: float

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING

    @property
    def width(self) -> float:
        return max(sum(run.width(self.size) for run in line) for line in self.lines)

    def draw(self, canvas: Canvas, x: float, top: float, colour: Color) -> None:
        for number, line in enumerate(self.lines):
            text = canvas.beginText(x, top - self.size * (number * LEADING + ASCENT))
            text.setFillColor(colour)
            for run in line:
                text.setFont(run.font, self.size)
                text.textOut(run.text)
            canvas.drawText(text)


def fit_lines(
    text: str,
    *,
    width: float,
    sizes: Sequence[float],
    scale: float = 1,
    most_lines: int = 1,
    is_bold: bool = False,
) -> Block:
    """Break a text into lines of at most ``width`` points. Nothing in it is markup.

    It gets the largest of ``sizes``, times ``scale``, in which it takes at most that many lines,
    else the last with as many lines as it takes.
    """
    typeface = Typeface(text, is_bold=is_bold)
    logical = _printable(text, typeface)
    for size in sizes:
        lines = _wrap(logical, width / (size * scale), typeface.width)
        if len(lines) <= most_lines:
            break
    base = "R" if get_base_level(logical) else "L"
    visual = (_in_visual_order(line, base) for line in lines)
    return Block(tuple(tuple(typeface.runs(line)) for line in visual), size * scale)


def _printable(text: str, typeface: Typeface) -> str:
    """In one line, Arabic letters joined, and a square for what no font has."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if any(unicodedata.bidirectional(character) == "AL" for character in text):
        text = _reshaper().reshape(text)
    return "".join(_shown(character, typeface) for character in text)


def _shown(character: str, typeface: Typeface) -> str:
    category = unicodedata.category(character)
    if category in _UNSEEN:
        return ""
    if typeface.font_of(character):
        return character
    return "" if category in _MARKS else NO_GLYPH


@functools.cache
def _reshaper() -> ArabicReshaper:
    # DejaVu has no glyph for this one ligature; its letters are drawn one by one.
    return ArabicReshaper({"ARABIC LIGATURE ALLAH": False})


def _wrap(text: str, width: float, width_of: Callable[[str], float]) -> list[str]:
    """Lines in reading order: broken between words, or within one that is too long for a line.

    Widths are in ems.
    """
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if width_of(line + piece) <= width:
            line += piece
            continue
        if line:
            lines.append(line)
        *full, line = _cut(piece.lstrip(), width, width_of)
        lines += full
    return [*lines, line]


def _cut(word: str, width: float, width_of: Callable[[str], float]) -> Iterator[str]:
    """The word in pieces that fit, of a character at least."""
    piece, taken = "", 0.0
    for character in word:
        needed = width_of(character)
        if piece and taken + needed > width:
            yield piece
            piece, taken = "", 0.0
        piece += character
        taken += needed
    yield piece


def _in_visual_order(line: str, base: str) -> str:
    # The package's own algorithm: the faster one that it also offers does not mirror brackets.
    return str(get_display(line, base_dir=base)) if _has_right_to_left(line) else line


def _has_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)
