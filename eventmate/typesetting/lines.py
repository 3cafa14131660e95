"""From what people wrote to lines of glyphs, left to right: what neither ReportLab nor Pillow does
on every machine.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator

from arabic_reshaper import ArabicReshaper
from bidi.algorithm import get_base_level, get_display

# What a line may break around: ideographs, kana, hangul and their punctuation.
EAST_ASIAN = "\u3000-\u33ff\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"

# Words, with the blank before them, and a part that ends with a hyphen.
_PIECES = re.compile(f" ?[{EAST_ASIAN}]| ?[^ {EAST_ASIAN}-]*-+| ?[^ {EAST_ASIAN}-]+")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # controls, joiners, halves of characters
_MARKS = frozenset({"Mn", "Me"})


def joined(text: str) -> str:
    """In one line, composed, Arabic letters joined, without what is not seen."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if any(unicodedata.bidirectional(character) == "AL" for character in text):
        text = _reshaper().reshape(text)
    return "".join(one for one in text if unicodedata.category(one) not in _UNSEEN)


def is_mark(character: str) -> bool:
    """Whether it stands on the character before it."""
    return unicodedata.category(character) in _MARKS


@functools.cache
def _reshaper() -> ArabicReshaper:
    # DejaVu has no glyph for this one ligature; its letters are drawn one by one.
    return ArabicReshaper({"ARABIC LIGATURE ALLAH": False})


def wrap(text: str, width: float, width_of: Callable[[str], float]) -> list[str]:
    """Lines in reading order: broken between words, or within one that is too long for a line.

    ``width`` is in the unit of ``width_of``.
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


def base_direction(text: str) -> str:
    """ "R" for a text that is read from right to left, else "L"."""
    return "R" if get_base_level(text) else "L"


def in_visual_order(line: str, base: str) -> str:
    """A line of a text of that direction, its glyphs from left to right."""
    # The package's own algorithm: the faster one that it also offers does not mirror brackets.
    return str(get_display(line, base_dir=base)) if _has_right_to_left(line) else line


def _has_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)
