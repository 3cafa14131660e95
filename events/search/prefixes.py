"""Finding names by how they begin, or one of their words does."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Listed(Protocol):
    """What listings have."""

    @property
    def pk(self) -> int: ...

    @property
    def upcoming(self) -> int: ...


Named = TypeVar("Named", bound=Listed)
AFTER_ALL_LETTERS = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Beginnings(Generic[Named]):
    """``texts`` are sorted, and ``rows`` go with them: each folded name, and what is left of it
    from its second word on, from its third, and so on.
    """

    texts: list[str]
    rows: list[tuple[Named, bool]]  # whether it is all of the name

    @classmethod
    def of(cls, named: Iterable[tuple[str, Named]]) -> "Beginnings[Named]":
        ends = sorted(
            ((text, row, is_all) for name, row in named for text, is_all in _ends(name)),
            key=lambda end: end[0],
        )
        return cls([text for text, *_row in ends], [(row, is_all) for _text, row, is_all in ends])

    def starting(self, text: str, most: int) -> list[Named]:
        """Those that begin so come before those of which a later word does, and among them those
        with the most listings first.
        """
        first = bisect_left(self.texts, text)
        last = bisect_left(self.texts, text + AFTER_ALL_LETTERS, lo=first)
        rows = sorted(self.rows[first:last], key=lambda row: (not row[1], -row[0].upcoming))
        return list({row.pk: row for row, _is_all in rows}.values())[:most]


def _ends(name: str) -> Iterator[tuple[str, bool]]:
    yield name, True
    for place, letter in enumerate(name):
        if letter == " ":
            yield name[place + 1 :], False
