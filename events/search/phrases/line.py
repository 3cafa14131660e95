"""A line that someone typed, as its words, and what was found in it."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

from events.search.names import Names
from events.search.words import ACCENTS, LETTERS

# A quotation and an excluded word are one piece each, and mean what they say.
PIECE = re.compile(
    r'(?P<as_it_is>-?["“”„«][^"“”„«»]*["“”»]|(?<!\S)-\w\S*)|(?:[^\s,]|,(?=\d))+,*|,+'
)
# Their last dot belongs to them: 24.12.
NUMBER = re.compile(r"[\d.–-]*\d\.")
ENDS = ",;:!?)"
AS_IT_IS = "\0"


@dataclass(frozen=True, slots=True)
class Piece:
    """``plain`` is how the rules see it: small letters without accents and punctuation."""

    typed: str
    plain: str
    start: int  # in the plain line

    @property
    def end(self) -> int:
        return self.start + len(self.plain)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a part of the plain line means: filters, as the address has them.

    Of one ``kind`` a line can mean one thing only. ``is_last`` is one that means so only where
    nothing but other findings follows.
    """

    start: int
    end: int
    kind: str
    filters: dict[str, list[str]] = field(default_factory=dict)
    is_last: bool = False

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Line:
    pieces: tuple[Piece, ...]
    plain: str
    names: Names

    def has(self, words: frozenset[str]) -> bool:
        return not words.isdisjoint(self.words)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.plain.split())

    @cached_property
    def has_digits(self) -> bool:
        return any(letter.isdigit() for letter in self.plain)

    def typed(self, start: int, end: int) -> str:
        return " ".join(piece.typed for piece in self.pieces if start <= piece.start < end)

    def before(self, start: int) -> str:
        """The plain word before a place; empty where there is none."""
        return self.plain[:start].rstrip(" ").rpartition(" ")[2]

    def after(self, end: int) -> str:
        return self.plain[end:].lstrip(" ").partition(" ")[0]


def read_line(text: str, names: Names) -> Line:
    pieces: list[Piece] = []
    start = 0
    for found in PIECE.finditer(text):
        plain = AS_IT_IS if found["as_it_is"] else plainly(found[0])
        pieces.append(Piece(found[0], plain, start))
        start += len(plain) + 1
    return Line(tuple(pieces), " ".join(piece.plain for piece in pieces), names)


def plainly(word: str) -> str:
    plain = word.lower().replace("’", "'")
    if not plain.isascii():
        plain = ACCENTS.sub("", unicodedata.normalize("NFKD", plain)).translate(LETTERS)
        plain = "".join(plain.split())
    stripped = plain.lstrip("(").rstrip(ENDS)
    if not NUMBER.fullmatch(stripped):
        stripped = stripped.rstrip(".")
    return stripped or AS_IT_IS


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


def phrase(pattern: str) -> re.Pattern[str]:
    """Whole words of a plain line."""
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")
