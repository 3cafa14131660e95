"""Which font has a glyph for a character.

DejaVu Sans is embedded in the PDF. Chinese, Japanese and Korean are left to the fonts of whoever
opens it, as PDF allows: our own would be many megabytes.
"""

import functools
import re
import threading
import unicodedata
from itertools import groupby
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

from eventmate.typesetting import BOLD_FONT, REGULAR_FONT
from eventmate.typesetting.lines import EAST_ASIAN

REGULAR, BOLD = REGULAR_FONT.stem, BOLD_FONT.stem
CHINESE, JAPANESE, KOREAN = "STSong-Light", "HeiseiKakuGo-W5", "HYGothic-Medium"

NO_GLYPH = "\N{WHITE SQUARE}"

# Above it, ReportLab writes a table that readers cannot use to search and copy the text.
_LAST_CHARACTER = 0xFFFF

# Without the extensions, which those fonts do not have.
_EAST_ASIAN = re.compile(f"[{EAST_ASIAN}]")
_KANA = re.compile("[\u3040-\u30ff\uff66-\uff9f]")
_HANGUL = re.compile("[\u3130-\u318f\uac00-\ud7a3]")

_loading = threading.Lock()


class Run(NamedTuple):
    """A piece of text that one font can set."""

    font: str
    text: str

    def width(self, size: float) -> float:
        """In points."""
        return float(pdfmetrics.stringWidth(self.text, self.font, size))


class Typeface:
    """The fonts for one text, in one weight. Ideographs are drawn as the rest of the text tells:
    Japanese beside kana, Korean beside hangul, else Chinese.
    """

    def __init__(self, text: str, *, is_bold: bool) -> None:
        load_fonts()
        self._fonts = (BOLD, REGULAR) if is_bold else (REGULAR,)
        self._east_asian = _east_asian_font(text)

    def font_of(self, character: str) -> str | None:
        """None where no font has the character."""
        if ord(character) > _LAST_CHARACTER or unicodedata.category(character) == "Cn":
            return None
        for font in self._fonts:
            if ord(character) in pdfmetrics.getFont(font).face.charToGlyph:
                return font
        return self._east_asian if _EAST_ASIAN.match(character) else None

    def runs(self, text: str) -> list[Run]:
        """The text in order, with a square for each character that no font has."""
        return [
            Run(font, "".join(characters)) if font else Run(REGULAR, NO_GLYPH * len([*characters]))
            for font, characters in groupby(text, self.font_of)
        ]

    def width(self, text: str) -> float:
        """In ems: times the size, it is in points."""
        return sum(run.width(1) for run in self.runs(text))


@functools.cache
def load_fonts() -> None:
    # Registering a font again, while another thread draws with it, would number it twice.
    with _loading:
        known = pdfmetrics.getRegisteredFontNames()
        for font in (REGULAR_FONT, BOLD_FONT):
            if font.stem not in known:
                pdfmetrics.registerFont(TTFont(font.stem, font))
        for name in (CHINESE, JAPANESE, KOREAN):
            if name not in known:
                pdfmetrics.registerFont(UnicodeCIDFont(name))


def _east_asian_font(text: str) -> str:
    if _KANA.search(text):
        return JAPANESE
    return KOREAN if _HANGUL.search(text) else CHINESE
