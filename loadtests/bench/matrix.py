"""Figures in rows and columns, and two runs side by side, as text."""

from collections.abc import Iterable, Sequence

from loadtests.bench.figures import Figure, short

Rows = list[list[str]]


def matrices(figures: Iterable[Figure]) -> str:
    """Each under its name, with rows and columns in the order in which they were found."""
    by_name: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.matrix:
            by_name.setdefault(figure.matrix, []).append(figure)
    return "\n\n".join(f"{name}\n{_matrix(of_it)}" for name, of_it in by_name.items())


def comparison(now: Iterable[Figure], then: Iterable[Figure]) -> str:
    """What both runs have found, ratios first: now, then, and now to then."""
    before = {_name(figure): figure for figure in then}
    both = [(figure, before[_name(figure)]) for figure in now if _name(figure) in before]
    both.sort(key=lambda pair: bool(pair[0].unit))
    rows = [["now", "then", "now to then", ""]]
    for new, old in both:
        change = short(new.value / old.value) if old.value else "-"
        rows.append(
            [f"{short(new.value)}{new.unit}", f"{short(old.value)}{old.unit}", change, _said(new)]
        )
    return aligned(rows, left=(3,))


def aligned(rows: Rows, *, left: Sequence[int] = (0,)) -> str:
    """Columns as wide as what stands in them; ``left`` are those of words."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if number in left else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _matrix(figures: list[Figure]) -> str:
    columns = list(dict.fromkeys(figure.column for figure in figures))
    cells = {(figure.what, figure.column): short(figure.value) for figure in figures}
    rows = [
        [what, *(cells.get((what, column), "-") for column in columns)]
        for what in dict.fromkeys(figure.what for figure in figures)
    ]
    return aligned([["", *columns], *rows])


def _name(figure: Figure) -> tuple[str, str, str]:
    return figure.matrix, figure.what, figure.column


def _said(figure: Figure) -> str:
    return ": ".join(part for part in _name(figure) if part)
