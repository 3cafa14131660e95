"""What a run found: rows of one table, ratios first, and those that stand in matrices below it."""

import json
import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. Without a unit it is a ratio; ``of`` says what it was made of. One of a ``matrix``
    stands there, in the row that says ``what``, in a ``column``.
    """

    what: str
    value: float
    unit: str = ""
    of: str = ""
    matrix: str = ""
    column: str = ""

    def __str__(self) -> str:
        value = f"{short(self.value)}{self.unit}"
        return f"{value:>10}  {self.what}{f': {self.of}' if self.of else ''}"


def ratio(what: str, part: float, whole: float, unit: str, of: str = "") -> Figure:
    """``part`` to ``whole``, with both beside it."""
    both = f"{short(part)}{unit} to {short(whole)}{unit}"
    return Figure(what, part / whole if whole else 0.0, of=f"{both}, {of}" if of else both)


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of all are not above; 0 of nothing."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def machine() -> dict[str, str]:
    """Where a run takes place, and how busy it was there before."""
    version = connection.get_database_version()
    return {
        "cores": str(os.cpu_count()),
        "Python": platform.python_version(),
        "PostgreSQL": ".".join(map(str, version)),
        "load before": f"{os.getloadavg()[0]:.1f}",
    }


def table(about: dict[str, str], figures: Iterable[Figure]) -> str:
    """Ratios, then everything else, each in the order of the run."""
    head = ", ".join(f"{name} {value}" for name, value in about.items())
    rows = [figure for figure in figures if not figure.matrix]
    rows.sort(key=lambda row: bool(row.unit))
    return "\n".join([head, "", *map(str, rows)])


def keep(path: Path, about: dict[str, str], figures: Iterable[Figure]) -> None:
    rows = [asdict(figure) for figure in figures]
    path.write_text(json.dumps({"machine": about, "figures": rows}, indent=1) + "\n")


def kept(path: Path) -> list[Figure]:
    """The figures of a run that was kept, by this version or one before it."""
    return [Figure(**row) for row in json.loads(path.read_text())["figures"]]


def short(value: float) -> str:
    """As people read it, three digits of it at least."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
