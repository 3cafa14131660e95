"""Text on pictures, by Pillow: in the site's own typeface, and in DejaVu what that has not."""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from eventmate.typesetting import BOLD_FONT, REGULAR_FONT
from eventmate.typesetting.lines import base_direction, in_visual_order, joined, wrap

LEADING = 1.1  # times the size, from line to line
ASCENT = 0.9  # times the size, from the top of a line to its baseline
BOLD = 700  # from that weight on

BRICOLAGE = settings.BASE_DIR / "static" / "vendor" / "bricolage-grotesque"
# As the parts of the typeface that browsers load.
PARTS = ("latin", "latin-ext")
DEJAVU_SCALE = 0.88  # its letters are larger than Bricolage's of the same size

NO_CHARACTER = "\U0010ffff"  # every font draws its sign for what it has not
# With less of its letters a text is not the same text.
LEAST_LETTERS = 0.7

_WORDS = re.compile(r"[^\s-]+-*")

Face = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size, ready to be drawn, their glyphs from left to right."""

    lines: tuple[str, ...]
    size: int
    weight: int
    is_right_to_left: bool

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING

    @property
    def width(self) -> float:
        return max(_width(line, self.size, self.weight) for line in self.lines)

    def draw(
        self,
        picture: Image.Image,
        left: float,
        top: float,
        fill: str,
        *,
        column: float | None = None,
    ) -> None:
        """In a column of that width, if any, on the side where its script begins."""
        draw = ImageDraw.Draw(picture)
        for number, line in enumerate(self.lines):
            x = left
            if column and self.is_right_to_left:
                x += column - _width(line, self.size, self.weight)
            baseline = top + self.size * (number * LEADING + ASCENT)
            for face, run in _runs(line, self.size, self.weight):
                draw.text((x, baseline), run, fill=fill, font=face, anchor="ls")
                x += face.getlength(run)


def is_readable(text: str) -> bool:
    """Whether the fonts have (nearly) all letters of a text. They have no Chinese, for example."""
    seen = joined(text)
    letters = _of_kind("L", seen) or _of_kind("N", seen)  # "1984" is a title as well
    known = sum(_face_number(letter) is not None for letter in letters)
    return known > 0 and known >= LEAST_LETTERS * len(letters)


def _of_kind(kind: str, text: str) -> list[str]:
    return [one for one in text if unicodedata.category(one).startswith(kind)]


def fit_lines(
    text: str,
    *,
    width: float,
    sizes: Sequence[int],
    height: float | None = None,
    weight: int = 500,
) -> Block:
    """Break a text into lines of at most ``width`` pixels, without what no font has, such as emoji.

    It gets the largest of ``sizes`` in which it has room in the ``height``, or in one line, and no
    word is cut; else the last, and ends with an ellipsis where that is too large as well.
    """
    logical = "".join(one for one in joined(text) if _face_number(one) is not None)
    logical = " ".join(logical.split())
    for size in sizes:
        width_of = functools.partial(_width, size=size, weight=weight)
        if max(map(width_of, _WORDS.findall(logical)), default=0) > width:
            continue
        lines = wrap(logical, width, width_of)
        if len(lines) <= _room(size, height):
            break
    else:
        lines = _shortened(wrap(logical, width, width_of), _room(size, height), width, width_of)
    base = base_direction(logical)
    visual = tuple(in_visual_order(line.strip(), base) for line in lines)
    return Block(visual, size, weight, base == "R")


def _room(size: int, height: float | None) -> int:
    """How many lines there is room for."""
    return 1 if height is None else max(1, int(height // (size * LEADING)))


def _shortened(
    lines: list[str], most: int, width: float, width_of: Callable[[str], float]
) -> list[str]:
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_of(f"{last}…") > width:
        words, _, rest = last.rpartition(" ")
        last = words if words.strip() and rest else last[:-1]
    return [*lines[: most - 1], f"{last.rstrip(' ,;:.-–—')}…"]


def _width(text: str, size: int, weight: int) -> float:
    return sum(face.getlength(run) for face, run in _runs(text, size, weight))


def _runs(text: str, size: int, weight: int) -> Iterator[tuple[Face, str]]:
    faces = _faces(size, weight)
    for number, characters in groupby(text, _face_number):
        if number is not None:
            yield faces[number], "".join(characters)


@functools.lru_cache(maxsize=64)
def _faces(size: int, weight: int) -> tuple[Face, ...]:
    faces = []
    for part in PARTS:
        face = ImageFont.truetype(BRICOLAGE / f"bricolage-grotesque-{part}-wght-normal.woff2", size)
        face.set_variation_by_axes([weight])
        faces.append(face)
    # Not the engine that orders and joins letters, where there is one: they are already.
    dejavu = ImageFont.truetype(
        BOLD_FONT if weight >= BOLD else REGULAR_FONT,
        size * DEJAVU_SCALE,
        layout_engine=ImageFont.Layout.BASIC,
    )
    return (*faces, dejavu)


@functools.lru_cache(maxsize=4096)
def _face_number(character: str) -> int | None:
    """Which of the faces has a character. Pillow does not say, but by what it draws."""
    for number, face in enumerate(_faces(24, BOLD)):
        if _drawn(face, character) != _drawn(face, NO_CHARACTER):
            return number
    return None


def _drawn(face: Face, character: str) -> tuple[tuple[int, int], bytes]:
    mask = face.getmask(character)
    return mask.size, bytes(mask)
