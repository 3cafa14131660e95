"""Plots of a run, in one SVG: pages beside a bare reply, and how their cost grows."""

from collections.abc import Iterable

from loadtests.bench.figures import Figure
from loadtests.bench.plots.bars import draw_bars
from loadtests.bench.plots.lines import draw_lines
from loadtests.bench.plots.svg import Drawing

WIDTH = 880


def plotted(figures: Iterable[Figure]) -> str:
    """What of the two was measured, one below the other."""
    drawing = Drawing(WIDTH)
    cells = [figure for figure in figures if figure.matrix]
    draw_bars(drawing, cells)
    draw_lines(drawing, cells)
    return str(drawing)
