"""Plots that templates/plots/ draws as SVG: where each bar and line is, in a square of 100 by 100
that is stretched to the room there is. Its words are HTML beside it, which no stretching distorts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil

SIDE = 100.0
WIDTH_OF_BAR = 0.78  # of the room that each has
MOST_STEPS = 4
DATES_BELOW = 3

Number = int | Decimal
Say = Callable[[Number], str]


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """``key`` is unique on a page. ``values`` are of the ``labels``, from left to right, and not
    below zero; ``say`` writes a value as people read it.
    """

    key: str
    title: str
    labels: Sequence[str]
    values: Sequence[Number]
    say: Say = field(default="{:,}".format)
    is_line: bool = False

    @property
    def description(self) -> str:
        """What someone who does not see the plot should know of it."""
        if not self.values:
            return "Nothing yet."
        where = f"From {self.labels[0]} to {self.labels[-1]}" if len(self.labels) > 1 else ""
        where = where or f"On {self.labels[0]}"
        if self.is_line:
            return f"{where}: in the end {self.say(self.values[-1])}."
        most = max(self.values)
        label = self.labels[self.values.index(most)]
        return f"{where}: {self.say(sum(self.values))} in all, the most {self.say(most)} ({label})."

    @property
    def ticks(self) -> list[str]:
        """The numbers at the side, from the top down, as far apart as each other. What they are
        of, such as a currency, is in the title.
        """
        step, steps = self._scale
        return [f"{step * number:,}" for number in range(steps, -1, -1)]

    @property
    def grid(self) -> list[float]:
        """Where the lines of the ticks are."""
        _, steps = self._scale
        return [round(SIDE * number / steps, 2) for number in range(steps + 1)]

    @property
    def dates(self) -> list[str]:
        """The labels that there is room for: the first, one in the middle, the last."""
        if len(self.labels) <= DATES_BELOW:
            return list(self.labels)
        return [self.labels[0], self.labels[len(self.labels) // 2], self.labels[-1]]

    @property
    def bars(self) -> list[Bar]:
        room = SIDE / max(len(self.values), 1)
        return [
            Bar(
                x=round(room * (number + (1 - WIDTH_OF_BAR) / 2), 2),
                y=round(self._height(value), 2),
                width=round(room * WIDTH_OF_BAR, 2),
                height=round(SIDE - self._height(value), 2),
                label=f"{label}: {self.say(value)}",
            )
            for number, (label, value) in enumerate(zip(self.labels, self.values, strict=True))
            if value
        ]

    @property
    def line(self) -> str:
        """The points of a line that rises where a value is, and is level in between."""
        points, last = [], SIDE
        room = SIDE / max(len(self.values), 1)
        for number, value in enumerate(self.values):
            x, y = room * number, self._height(value)
            points += [f"{x:.2f},{last:.2f}", f"{x:.2f},{y:.2f}"]
            last = y
        return " ".join([*points, f"{SIDE:.2f},{last:.2f}"])

    @property
    def area(self) -> str:
        return f"{self.line} {SIDE:.2f},{SIDE:.2f} 0,{SIDE:.2f}"

    def _height(self, value: Number) -> float:
        """From the top."""
        step, steps = self._scale
        return SIDE * (1 - float(value) / float(step * steps))

    @property
    def _scale(self) -> tuple[int, int]:
        """A round number, and how many of it reach the highest value."""
        most = max(self.values, default=0)
        size = 1
        while True:
            for step in (size, 2 * size, 5 * size):
                if step * MOST_STEPS >= most:
                    return step, max(ceil(most / step), 1)
            size *= 10
