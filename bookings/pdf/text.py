"""Text of any length and script, broken into lines that a page has room for."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from bookings.pdf.typeface import NO_GLYPH, Run, Typeface
from eventmate.typesetting.lines import base_direction, in_visual_order, is_mark, joined, wrap

LEADING = 1.25  # times the size, from line to line
ASCENT = 0.95  # times the size, from the top of a line to its baseline


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
        lines = wrap(logical, width / (size * scale), typeface.width)
        if len(lines) <= most_lines:
            break
    base = base_direction(logical)
    visual = (in_visual_order(line, base) for line in lines)
    return Block(tuple(tuple(typeface.runs(line)) for line in visual), size * scale)


def _printable(text: str, typeface: Typeface) -> str:
    """With a square for what no font has."""
    return "".join(_shown(character, typeface) for character in joined(text))


def _shown(character: str, typeface: Typeface) -> str:
    if typeface.font_of(character):
        return character
    return "" if is_mark(character) else NO_GLYPH
