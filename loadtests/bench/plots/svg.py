"""A drawing of bars, lines and words that is read by day and by night, as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

Point = tuple[float, float]

# Colours by the class of what has them, on paper and in the dark.
COLOURS = {
    "surface": ("#fcfcfb", "#1a1a19"),
    "ink": ("#1d1d1b", "#f2f2ef"),
    "soft": ("#63635e", "#a8a8a2"),
    "grid": ("#e2e2dd", "#3a3a37"),
    "s1": ("#2a78d6", "#3987e5"),
    "s2": ("#eb6834", "#d95926"),
    "s3": ("#1baf7a", "#199e70"),
    "s4": ("#c98500", "#eda100"),
    "s5": ("#d55181", "#e87ba4"),
    "s6": ("#4a3aa7", "#9085e9"),
    "s7": ("#6b6b66", "#b9b9b2"),
    "beside": ("#8d8d87", "#8d8d87"),
    "beside-too": ("#c6c6c0", "#55554f"),
}
STYLE = """
text { font: 12px system-ui, sans-serif; fill: var(--ink) }
.title { font-size: 15px; font-weight: 600 }
.small { font-size: 10px; fill: var(--soft) }
.end { text-anchor: end }
.middle { text-anchor: middle }
polyline { fill: none; stroke-width: 2; stroke-linejoin: round }
"""


@dataclass
class Drawing:
    """Of so many pixels in width, and as high as what is drawn; y counts from the top down."""

    width: int
    height: float = 0.0
    _parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, words: str, look: str = "") -> None:
        """``look`` is classes of the style above."""
        self._reach(y + 6)
        self._parts.append(f'<text x="{x:.1f}" y="{y:.1f}" class="{look}">{escape(words)}</text>')

    def bar(self, corner: Point, size: Point, colour: str, says: str) -> None:
        (x, y), (width, height) = corner, size
        self._reach(y + height)
        self._parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
            f' fill="var(--{colour})"><title>{escape(says)}</title></rect>'
        )

    def line(self, points: Sequence[Point], colour: str) -> None:
        self._reach(max((y for _, y in points), default=0.0))
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._parts.append(f'<polyline points="{path}" stroke="var(--{colour})"/>')

    def rule(self, start: Point, end: Point) -> None:
        """A thin line to read by."""
        self._parts.append(
            f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"'
            ' stroke="var(--grid)"/>'
        )

    def dot(self, point: Point, colour: str, says: str) -> None:
        self._parts.append(
            f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="3" fill="var(--{colour})">'
            f"<title>{escape(says)}</title></circle>"
        )

    def legend(self, y: float, names: dict[str, str], *, x: float, step: float) -> None:
        """What has which colour, in one line; ``names`` by colour."""
        for number, (colour, name) in enumerate(names.items()):
            self.bar((x + number * step, y - 9), (10, 10), colour, name)
            self.text(x + number * step + 15, y, name)

    def __str__(self) -> str:
        height = round(self.height + 12)
        parts = "\n".join(self._parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{height}"'
            f' viewBox="0 0 {self.width} {height}" role="img">\n<style>\n'
            f"svg {{ {_variables(0)} }}\n"
            f"@media (prefers-color-scheme: dark) {{ svg {{ {_variables(1)} }} }}"
            f'{STYLE}</style>\n<rect width="100%" height="100%" fill="var(--surface)"/>\n'
            f"{parts}\n</svg>\n"
        )

    def _reach(self, y: float) -> None:
        self.height = max(self.height, y)


def _variables(mode: int) -> str:
    return "; ".join(f"--{name}: {colours[mode]}" for name, colours in COLOURS.items())
