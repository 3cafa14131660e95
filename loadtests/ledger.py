"""What clients sent and were told, line by line in a file, and how it compares with the rows."""

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import UUID

from loadtests.client import Answer, Told


@dataclass(frozen=True, slots=True)
class Line:
    """A form that was about to be sent (``told`` is empty), or the answer to it.

    ``quantities`` is what the first form asks for, by ticket type; ``name`` is the second form's.
    """

    key: str
    quantities: dict[str, int] = field(default_factory=dict)
    name: str = ""
    told: str = ""
    status: int = 0
    reference: str = ""


class Ledger:
    """Written by many threads. A line is in the file before what it tells of goes on.

    ``answers`` is how many came so far, ``lost`` how many did not.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.answers = self.lost = 0
        self._file = path.open("a")
        self._lock = threading.Lock()

    def sends_choice(self, key: UUID, quantities: Mapping[int, int]) -> None:
        self._write(Line(str(key), {str(pk): count for pk, count in quantities.items()}))

    def sends_details(self, key: UUID, name: str) -> None:
        self._write(Line(str(key), name=name))

    def is_told(self, key: UUID, answer: Answer) -> None:
        line = Line(str(key), told=answer.told, status=answer.status, reference=answer.reference)
        self._write(line)

    def close(self) -> None:
        self._file.close()

    def lines(self) -> list[Line]:
        return [Line(**json.loads(text)) for text in self.path.read_text().splitlines()]

    def _write(self, line: Line) -> None:
        with self._lock:
            self._file.write(json.dumps(asdict(line)) + "\n")
            self._file.flush()
            self.answers += line.told not in ("", Told.NOTHING)
            self.lost += line.told == Told.NOTHING


@dataclass(slots=True)
class Story:
    """All that the ledger has of one key, which stands for one booking that someone wants."""

    quantities: dict[int, int] = field(default_factory=dict)
    name: str = ""
    answers: list[str] = field(default_factory=list)
    references: set[str] = field(default_factory=set)

    @property
    def was_told_of_booking(self) -> bool:
        return bool(self.references)

    @property
    def was_confirmed(self) -> bool:
        return Told.CONFIRMED in self.answers

    @property
    def was_refused_in_the_end(self) -> bool:
        return not self.references and self.answers[-1:] == [Told.SOLD_OUT]


@dataclass(frozen=True, slots=True)
class Row:
    """A booking in the database. ``quantities`` are its tickets by type."""

    key: str
    reference: str
    status: str
    name: str
    quantities: dict[int, int]
    confirmations: int


def stories_of(lines: Iterable[Line]) -> dict[str, Story]:
    stories: dict[str, Story] = defaultdict(Story)
    for line in lines:
        story = stories[line.key]
        if line.told:
            story.answers.append(line.told)
        if line.quantities:
            story.quantities = {int(pk): count for pk, count in line.quantities.items()}
        story.name = story.name or line.name
        story.references |= {line.reference} - {""}
    return dict(stories)


def compare(stories: Mapping[str, Story], rows: Iterable[Row]) -> list[str]:
    """What was told and is not so, and what is so and was never asked for."""
    by_key = {row.key: row for row in rows}
    return [
        *_lost(stories, by_key),
        *(text for row in by_key.values() for text in _unexplained(stories.get(row.key), row)),
    ]


def outcomes(stories: Mapping[str, Story]) -> Counter[str]:
    """How many bookings the clients wanted, by what they were told of each at last."""
    return Counter(story.answers[-1] if story.answers else "" for story in stories.values())


def _lost(stories: Mapping[str, Story], by_key: Mapping[str, Row]) -> Iterator[str]:
    for key, story in stories.items():
        row = by_key.get(key)
        if row is None and story.was_told_of_booking:
            told = "confirmed" if story.was_confirmed else "held"
            yield f"{_names(story)}: told {told}, and there is no booking with key {key}"
        elif row and story.references - {row.reference}:
            yield f"{_names(story)}: told of with key {key}, whose booking is {row.reference}"
        elif row and story.was_confirmed and row.status != "confirmed":
            yield f"{row.reference}: told confirmed, and is {row.status}"
        elif row and story.was_refused_in_the_end:
            yield f"{row.reference}: told sold out, and is {row.status}"


def _unexplained(story: Story | None, row: Row) -> Iterator[str]:
    if story is None:
        yield f"{row.reference}: nobody asked for it"
        return
    if row.quantities != story.quantities:
        yield f"{row.reference}: asked for {story.quantities}, and has {row.quantities}"
    if row.status not in ("pending", "confirmed"):
        yield f"{row.reference}: is {row.status}, which nobody asked for"
    if row.status == "confirmed" and row.name != story.name:
        yield f"{row.reference}: confirmed as {row.name!r}, and the client sent {story.name!r}"
    if row.confirmations != (row.status == "confirmed"):
        yield f"{row.reference}: is {row.status}, with {row.confirmations} mails that confirm it"


def _names(story: Story) -> str:
    return ", ".join(sorted(story.references))
