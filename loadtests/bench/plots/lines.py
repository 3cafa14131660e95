"""How requests a second and CPU of each page grow with events, users and workers."""

import math
from dataclasses import dataclass

from loadtests.bench.figures import Figure, short
from loadtests.bench.plots.svg import Drawing, Point

AXES = ("events", "users", "workers")
# Panels from the top down; all of one measure have the same scale.
ROWS = [(measure, kind) for measure in ("requests/s", "CPU ms") for kind in ("warm", "cold")]
# One line for each page, of those who may see it, by colour.
PAGES = {
    "s1": "home, anonymous",
    "s2": "list, anonymous",
    "s3": "filtered list, anonymous",
    "s4": "search, anonymous",
    "s5": "detail, anonymous",
    "s6": "booking page, anonymous",
    "s7": "my bookings, logged in",
}
LEFT, WIDTH, HEIGHT = 60, 215, 140
STEP_RIGHT, STEP_DOWN = 275, 200

# By measure, axis and row: where on the axis, and the value there.
Lines = dict[tuple[str, str, str], list[Point]]


@dataclass(frozen=True, slots=True)
class Scale:
    """Logarithms of values in pixels, from ``start`` on; ``least`` and ``most`` are above 0."""

    least: float
    most: float
    start: float
    length: float

    def at(self, value: float) -> float:
        whole = math.log10(self.most / self.least) or 1.0
        return self.start + self.length * math.log10(value / self.least) / whole


def draw_lines(drawing: Drawing, cells: list[Figure]) -> None:
    """Below what is there. Where nothing was answered, a line has no point."""
    lines = _lines(cells)
    if not lines:
        return
    top = drawing.height
    drawing.text(16, top + 26, "How each page's cost grows (logarithmic scales)", "title")
    names = {colour: name.partition(", ")[0] for colour, name in PAGES.items()}
    drawing.legend(top + 50, names, x=LEFT, step=115)
    top += 90
    for measure, kind in ROWS:
        values = [
            y for (of, _, _), points in lines.items() if of == measure for _, y in points if y
        ]
        for number, axis in enumerate(AXES):
            corner = LEFT + number * STEP_RIGHT, top
            panel = {
                colour: lines.get((measure, axis, f"{name}, {kind}"), [])
                for colour, name in PAGES.items()
            }
            drawing.text(corner[0], top - 10, f"{measure} by {axis}, {kind}")
            _draw_panel(drawing, corner, panel, values)
        top += STEP_DOWN


def _lines(cells: list[Figure]) -> Lines:
    lines: Lines = {}
    for cell in cells:
        measure, _, axis = cell.matrix.partition(" by ")
        if axis in AXES:
            at = float(cell.column.replace(",", ""))
            lines.setdefault((measure, axis, cell.what), []).append((at, cell.value))
    return lines


def _draw_panel(
    drawing: Drawing, corner: Point, panel: dict[str, list[Point]], values: list[float]
) -> None:
    """``values`` are those that its side has to have room for."""
    places = sorted({x for points in panel.values() for x, _ in points})
    if not (places and values):
        return
    left, top = corner
    bottom = top + HEIGHT
    decades = range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1)
    across = Scale(places[0], places[-1], left + 10, WIDTH - 20)
    up = Scale(10.0 ** decades[0], 10.0 ** decades[-1], bottom, -HEIGHT)
    for decade in decades:
        y = up.at(10.0**decade)
        drawing.rule((left, y), (left + WIDTH, y))
        drawing.text(left - 6, y + 3, short(10.0**decade), "small end")
    for place in places:
        drawing.text(across.at(place), bottom + 16, f"{place:,.0f}", "small middle")
    for colour, points in panel.items():
        some = [(x, y) for x, y in points if y]
        drawing.line([(across.at(x), up.at(y)) for x, y in some], colour)
        for x, y in some:
            says = f"{PAGES[colour]}: {short(y)} at {x:,.0f}"
            drawing.dot((across.at(x), up.at(y)), colour, says)
