from decimal import Decimal

import pytest

from eventmate.plots import Plot


def plot(*values: int | Decimal, is_line: bool = False) -> Plot:
    labels = [f"{day} Jun" for day in range(1, len(values) + 1)]
    return Plot("sold", "Sold", labels, values, is_line=is_line)


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, ["1", "0"]),
        (1, ["1", "0"]),
        (3, ["3", "2", "1", "0"]),
        (7, ["8", "6", "4", "2", "0"]),
        (4000, ["4,000", "3,000", "2,000", "1,000", "0"]),
        (4001, ["6,000", "4,000", "2,000", "0"]),
    ],
)
def test_the_numbers_at_the_side_are_round_and_reach_the_highest_value(
    most: int, ticks: list[str]
) -> None:
    assert plot(most).ticks == ticks


def test_bars_are_as_high_as_their_values_and_stand_side_by_side() -> None:
    bars = plot(4, 0, 2).bars

    assert [(bar.y, bar.height, bar.label) for bar in bars] == [
        (0.0, 100.0, "1 Jun: 4"),
        (50.0, 50.0, "3 Jun: 2"),
    ]
    assert bars[0].x + bars[0].width < bars[1].x
    assert bars[1].x + bars[1].width < 100


def test_a_line_is_level_from_each_value_to_the_next() -> None:
    assert plot(1, 2, is_line=True).line == (
        "0.00,100.00 0.00,50.00 50.00,50.00 50.00,0.00 100.00,0.00"
    )


def test_it_is_said_in_words() -> None:
    assert plot(1, 5, 2).description == "From 1 Jun to 3 Jun: 8 in all, the most 5 (2 Jun)."
    assert plot(4).description == "On 1 Jun: 4 in all, the most 4 (1 Jun)."
    assert plot(1, 5, is_line=True).description == "From 1 Jun to 2 Jun: in the end 5."
    assert plot().description == "Nothing yet."


def test_money_keeps_its_cents() -> None:
    bars = Plot("m", "M", ["1 Jun"], [Decimal("12.50")], "€{}".format).bars

    assert bars[0].label == "1 Jun: €12.50"


def test_there_is_room_for_three_dates() -> None:
    assert plot(*range(9)).dates == ["1 Jun", "5 Jun", "9 Jun"]
    assert plot(1, 2).dates == ["1 Jun", "2 Jun"]
