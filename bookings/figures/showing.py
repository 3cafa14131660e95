"""Series of numbers as plots, and as the rows of one table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bookings.figures.periods import Series, Timeline
from bookings.figures.reading import Sold
from eventmate.plots import Number, Plot
from events.money import format_money


@dataclass(frozen=True, slots=True)
class Row:
    """What the series say of one period."""

    label: str
    values: list[str]


@dataclass(frozen=True, slots=True)
class OverTime:
    """Plots, and a table with the same numbers."""

    timeline: Timeline
    plots: list[Plot]
    columns: list[str]
    rows: list[Row]


def revenue_of(by_day: Iterable[Sold], timeline: Timeline, currency: str) -> Series:
    earned = [(sold.of, sold.revenue) for sold in by_day if sold.currency == currency]
    return Series(f"Revenue in {currency}", timeline.sums(earned), currency)


def plot_of(series: Series, timeline: Timeline, *, is_line: bool = False) -> Plot:
    return Plot(
        key="-".join(series.name.lower().replace("’", "").replace(",", "").split()),
        title=series.name,
        labels=timeline.labels,
        values=series.values,
        say=say_number(series.currency),
        is_line=is_line,
    )


def rows_of(columns: Sequence[Series], timeline: Timeline, *, of: Sequence[Series]) -> list[Row]:
    """The periods in which one of the series ``of`` has anything."""
    says = [say_number(series.currency) for series in columns]
    return [
        Row(
            label,
            [say(series.values[at]) for say, series in zip(says, columns, strict=True)],
        )
        for at, label in enumerate(timeline.labels)
        if any(series.values[at] for series in of)
    ]


def say_number(currency: str) -> Callable[[Number], str]:
    """Writes a number, or an amount of money; none at all is a zero, and not "Free"."""
    if not currency:
        return "{:,}".format
    return lambda amount: format_money(amount, currency) if amount else "0"
