import enum
from collections import Counter
from dataclasses import dataclass, field, replace

from events.importing.record import EventRecord


class Result(enum.StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one row. ``reason`` says why it was refused; ``remarks`` what was assumed or
    left out of a row that was taken.
    """

    line: int
    result: Result
    title: str = ""
    reason: str = ""
    remarks: tuple[str, ...] = ()

    @classmethod
    def of_record(cls, record: EventRecord, result: Result) -> "Outcome":
        return cls(line=record.line, result=result, title=record.title, remarks=record.remarks)

    def as_refusal(self, reason: str) -> "Outcome":
        return replace(self, result=Result.REFUSED, reason=reason, remarks=())


@dataclass(slots=True)
class Tally:
    """How many rows came to which result, and how many were taken with remarks."""

    counts: Counter[Result] = field(default_factory=Counter)
    remarked: int = 0

    def add(self, outcome: Outcome) -> None:
        self.counts[outcome.result] += 1
        self.remarked += bool(outcome.remarks)

    @property
    def rows(self) -> int:
        return self.counts.total()

    @property
    def taken(self) -> int:
        return self.rows - self.counts[Result.REFUSED]

    def __str__(self) -> str:
        return ", ".join(f"{self.counts[result]} {result}" for result in Result)
