"""Requests a second of each page, beside a plain view and a bare reply."""

from loadtests.bench.figures import Figure, short
from loadtests.bench.plots.svg import Drawing

MATRIX, COLUMN = "pages", "requests/s"
LEFT = 180
ROOM_FOR_NUMBER = 60
# Of the bars of one page, from the top down, by colour.
KINDS = {"s1": "warm", "s2": "cold", "beside": "plain view", "beside-too": "bare reply"}
BAR = 11
GROUP = len(KINDS) * BAR + 10


def draw_bars(drawing: Drawing, cells: list[Figure]) -> None:
    """Below what is there. The lengths are in proportion: what is short, is short."""
    rates = {
        cell.what: cell.value for cell in cells if (cell.matrix, cell.column) == (MATRIX, COLUMN)
    }
    if not rates:
        return
    top = drawing.height
    drawing.text(
        16, top + 26, "Requests a second of each page, and of replies of its size", "title"
    )
    drawing.legend(top + 50, KINDS, x=LEFT, step=110)
    top += 66
    scale = (drawing.width - LEFT - ROOM_FOR_NUMBER) / max(rates.values())
    for name in dict.fromkeys(row.rpartition(", ")[0] for row in rates):
        drawing.text(LEFT - 8, top + GROUP / 2, name, "end")
        for number, (colour, kind) in enumerate(KINDS.items()):
            rate, y = rates[f"{name}, {kind}"], top + number * BAR
            says = f"{name}, {kind}: {short(rate)}/s"
            drawing.bar((LEFT, y), (rate * scale, BAR - 2), colour, says)
            drawing.text(LEFT + rate * scale + 5, y + BAR - 3, short(rate), "small")
        top += GROUP
