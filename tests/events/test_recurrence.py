"""Rules of RFC 5545, and the days that they name."""

import datetime as dt

import pytest

from events.recurrence import LONGEST, days_of, in_words, month_rules, rule_of, without_end

FRIDAY = dt.date(2026, 12, 4)


def days(rule: str, first: dt.date = FRIDAY, last: dt.date | None = None) -> list[str]:
    found = days_of(rule, first, last_day=last or first + LONGEST)
    return [f"{day:%d %b %y}" for day in found]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=3;COUNT=3", ["04 Dec 26", "07 Dec 26", "10 Dec 26"]),
        ("FREQ=DAILY;UNTIL=20261206", ["04 Dec 26", "05 Dec 26", "06 Dec 26"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;COUNT=3", ["04 Dec 26", "18 Dec 26", "01 Jan 27"]),
        ("FREQ=WEEKLY;BYDAY=TU,FR;COUNT=4", ["04 Dec 26", "08 Dec 26", "11 Dec 26", "15 Dec 26"]),
        ("FREQ=MONTHLY;BYDAY=+1FR;COUNT=3", ["04 Dec 26", "01 Jan 27", "05 Feb 27"]),
        ("FREQ=MONTHLY;BYMONTHDAY=4;COUNT=3", ["04 Dec 26", "04 Jan 27", "04 Feb 27"]),
    ],
)
def test_names_the_days_of_a_rule(rule: str, expected: list[str]) -> None:
    assert days(rule) == expected


def test_the_first_day_counts_whether_the_rule_names_it_or_not() -> None:
    assert days("FREQ=WEEKLY;BYDAY=MO;COUNT=3") == ["04 Dec 26", "07 Dec 26", "14 Dec 26"]


def test_months_without_such_a_day_are_left_out() -> None:
    rule = "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3"

    assert days(rule, dt.date(2026, 12, 31)) == ["31 Dec 26", "31 Jan 27", "31 Mar 27"]


def test_the_last_day_of_each_month_is_another_one() -> None:
    rule = "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3"

    assert days(rule, dt.date(2026, 12, 31)) == ["31 Dec 26", "31 Jan 27", "28 Feb 27"]


def test_goes_no_further_than_it_is_let() -> None:
    assert len(days("FREQ=DAILY;COUNT=100", last=FRIDAY + dt.timedelta(days=9))) == 10


def test_a_rule_that_names_no_day_has_the_first_one_only() -> None:
    rule = "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30;COUNT=5"

    assert days(rule, dt.date(2027, 2, 4)) == ["04 Feb 27"]


def test_is_put_together_as_the_rfc_has_it() -> None:
    rule = rule_of(frequency="WEEKLY", interval=2, weekdays=["FR", "MO"], count=12)

    assert rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=12"
    assert without_end(rule) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (dt.date(2026, 12, 8), ["On day 8", "On the second Tuesday"]),
        (
            dt.date(2026, 12, 31),
            [
                *("On day 31", "On the fifth Thursday", "On the last Thursday"),
                "On the last day",
            ],
        ),
    ],
)
def test_knows_what_a_day_can_be_of_its_month(day: dt.date, expected: list[str]) -> None:
    assert [words for _, words in month_rules(day)] == expected
    for rule, _ in month_rules(day):
        assert day in days_of(f"FREQ=MONTHLY;{rule}", day - dt.timedelta(days=40), last_day=day)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY;COUNT=3", "Every day"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR", "Every 2 weeks on Monday, Wednesday and Friday"),
        ("FREQ=MONTHLY;BYDAY=+2TU", "Every month on the second Tuesday"),
        ("FREQ=MONTHLY;BYDAY=-1TH", "Every month on the last Thursday"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "Every month on the last day"),
        ("FREQ=MONTHLY;BYMONTHDAY=14", "Every month on day 14"),
    ],
)
def test_says_a_rule_in_words(rule: str, words: str) -> None:
    assert in_words(rule) == words
