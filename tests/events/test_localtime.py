import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventmate.timezones import time_zone_names
from events.clock_changes import (
    clock_change_at,
    end_of_day,
    start_of_day,
    why_ambiguous,
    why_nonexistent,
)
from events.localtime import (
    AmbiguousLocalTime,
    NonexistentLocalTime,
    Occurrence,
    to_instant,
    to_wall_clock,
)

MICROSECOND = dt.timedelta(microseconds=1)

zones = st.sampled_from(sorted(time_zone_names()))
instants = st.datetimes(
    dt.datetime(1900, 1, 2), dt.datetime(2199, 12, 30), timezones=st.just(dt.UTC)
)
wall_clocks = st.datetimes(dt.datetime(1900, 1, 2), dt.datetime(2199, 12, 30))


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@given(instants, zones)
def test_every_instant_is_what_its_wall_clock_time_means(instant: dt.datetime, zone: str) -> None:
    wall_clock, occurrence = to_wall_clock(instant, zone)

    assert to_instant(wall_clock, zone, occurrence) == instant


@given(wall_clocks, zones)
def test_a_wall_clock_time_that_is_taken_is_what_the_clock_then_shows(
    wall_clock: dt.datetime, zone: str
) -> None:
    try:
        instant = to_instant(wall_clock, zone, Occurrence.SECOND)
    except NonexistentLocalTime:
        change = clock_change_at(wall_clock, zone)
        assert change.before <= wall_clock < change.after
    else:
        assert to_wall_clock(instant, zone)[0] == wall_clock


@pytest.mark.parametrize(
    ("zone", "wall_clock", "reason"),
    [
        (
            "Europe/Berlin",
            dt.datetime(2026, 3, 29, 2, 30),
            "02:30 does not exist on 29 March 2026 in Europe/Berlin:"
            " clocks go forward from 02:00 to 03:00.",
        ),
        (
            "Australia/Lord_Howe",
            dt.datetime(2026, 10, 4, 2, 29),
            "02:29 does not exist on 4 October 2026 in Australia/Lord_Howe:"
            " clocks go forward from 02:00 to 02:30.",
        ),
        (
            "Pacific/Apia",
            dt.datetime(2011, 12, 30, 12),
            "12:00 does not exist on 30 December 2011 in Pacific/Apia: clocks go forward"
            " from 00:00 on 30 December 2011 to 00:00 on 31 December 2011.",
        ),
    ],
)
def test_a_left_out_time_is_refused_with_what_happens_that_day(
    zone: str, wall_clock: dt.datetime, reason: str
) -> None:
    with pytest.raises(NonexistentLocalTime):
        to_instant(wall_clock, zone)

    assert why_nonexistent(wall_clock, zone) == reason


def test_of_a_time_that_comes_twice_each_can_be_meant() -> None:
    twice = dt.datetime(2026, 10, 25, 2, 30)

    with pytest.raises(AmbiguousLocalTime):
        to_instant(twice, "Europe/Berlin")

    assert to_instant(twice, "Europe/Berlin", Occurrence.FIRST) == utc(2026, 10, 25, 0, 30)
    assert to_instant(twice, "Europe/Berlin", Occurrence.SECOND) == utc(2026, 10, 25, 1, 30)
    assert why_ambiguous(twice, "Europe/Berlin") == (
        "02:30 comes twice on 25 October 2026 in Europe/Berlin:"
        " clocks go back from 03:00 to 02:00. Choose which one is meant."
    )


def test_the_seconds_around_a_change_belong_to_their_side() -> None:
    change = utc(2026, 10, 25, 1)

    assert to_wall_clock(change - MICROSECOND, "Europe/Berlin") == (
        dt.datetime(2026, 10, 25, 2, 59, 59, 999999),
        Occurrence.FIRST,
    )
    assert to_wall_clock(change, "Europe/Berlin") == (
        dt.datetime(2026, 10, 25, 2),
        Occurrence.SECOND,
    )


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        ("Europe/Berlin", dt.date(2026, 3, 29), utc(2026, 3, 28, 23)),
        # Clocks go forward over midnight: the day begins at 01:00.
        ("America/Havana", dt.date(2026, 3, 8), utc(2026, 3, 8, 5)),
        ("Africa/Cairo", dt.date(2026, 4, 24), utc(2026, 4, 23, 22)),
        ("Asia/Beirut", dt.date(2026, 3, 29), utc(2026, 3, 28, 22)),
        # Clocks go back to midnight, which comes twice: the day begins with the first.
        ("America/Havana", dt.date(2026, 11, 1), utc(2026, 11, 1, 4)),
        ("Pacific/Apia", dt.date(2011, 12, 31), utc(2011, 12, 30, 10)),
    ],
)
def test_a_day_starts_at_its_first_instant(zone: str, day: dt.date, start: dt.datetime) -> None:
    assert start_of_day(day, zone) == start


def test_a_day_that_a_zone_left_out_is_refused() -> None:
    with pytest.raises(NonexistentLocalTime):
        start_of_day(dt.date(2011, 12, 30), "Pacific/Apia")

    assert end_of_day(dt.date(2011, 12, 29), "Pacific/Apia") == utc(2011, 12, 30, 10)


@given(st.dates(dt.date(1900, 1, 2), dt.date(2199, 12, 30)), zones)
def test_a_day_is_what_calendars_show_from_its_start_to_its_end(day: dt.date, zone: str) -> None:
    try:
        start, end = start_of_day(day, zone), end_of_day(day, zone)
    except NonexistentLocalTime:
        return

    assert start.astimezone(ZoneInfo(zone)).date() == day
    assert (end - MICROSECOND).astimezone(ZoneInfo(zone)).date() == day
    assert (start - MICROSECOND).astimezone(ZoneInfo(zone)).date() < day
