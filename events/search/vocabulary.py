"""The words that listings are found by, and how many listings each is in."""

import zlib
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from sys import byteorder

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST_WORD, LONGEST_WORD = 2, 32
BEGINNING = 3  # letters from which on a word is found by its beginning


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``words`` are sorted, ``counts`` go with them: of a word that is only in a city's name in
    another language, 0. ``listings`` is how many there were.

    50,000 words take about 5 MB, and 20 ms to unpack.
    """

    words: list[str]
    counts: "array[int]"
    by_length: dict[int, list[str]]
    listings: int

    @classmethod
    def of(cls, counts: Iterable[tuple[str, int]], *, listings: int) -> "Vocabulary":
        rows = sorted(counts)
        words = [word for word, _count in rows]
        return cls(words, array("I", (count for _word, count in rows)), lengths(words), listings)

    @classmethod
    def unpack(cls, content: bytes | bytearray) -> "Vocabulary":
        text, _, numbers = zlib.decompress(content).partition(b"\0")
        counts = array("I")
        counts.frombytes(numbers)
        if byteorder == "big":
            counts.byteswap()
        listings = counts.pop()
        words = text.decode().split("\n") if text else []
        return cls(words, counts, lengths(words), listings)

    def pack(self) -> bytes:
        counts = array("I", [*self.counts, self.listings])
        if byteorder == "big":
            counts.byteswap()
        return zlib.compress("\n".join(self.words).encode() + b"\0" + counts.tobytes(), 6)

    def count(self, word: str) -> int | None:
        """Of the listings; None for a word that is not here."""
        place = bisect_left(self.words, word)
        return self.counts[place] if self._is_at(place, word) else None

    def words_of(self, listings: int) -> list[str]:
        """Those that at least so many listings have."""
        return [
            word for word, count in zip(self.words, self.counts, strict=True) if count >= listings
        ]

    def knows(self, word: str) -> bool:
        """Whether it is a word here or the beginning of one, by which it is found."""
        place = bisect_left(self.words, word)
        if len(word) >= BEGINNING and place < len(self.words):
            return self.words[place].startswith(word)
        return self._is_at(place, word)

    def near(self, word: str, most_edits: int) -> Iterator[tuple[str, int]]:
        """Words at most so many edits away, with their number. An edit leaves out, adds or changes
        a letter, or swaps two.
        """
        for length in range(len(word) - most_edits, len(word) + most_edits + 1):
            found = process.extract(
                word,
                self.by_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=most_edits,
                limit=None,
            )
            for other, edits, _index in found:
                yield other, int(edits)

    def _is_at(self, place: int, word: str) -> bool:
        return place < len(self.words) and self.words[place] == word


def lengths(words: Iterable[str]) -> dict[int, list[str]]:
    by_length: dict[int, list[str]] = defaultdict(list)
    for word in words:
        by_length[len(word)].append(word)
    return dict(by_length)
