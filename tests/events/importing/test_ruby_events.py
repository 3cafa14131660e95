"""Rows as ruby-events.json has them."""

import datetime as dt

import pytest

from events.models import EventStatus
from tests.events.importing.conftest import ruby_event


def test_clock_times_are_on_the_clock_of_the_row_s_time_zone(imported):
    event = imported([ruby_event()])

    assert not event.is_all_day
    assert event.starts_at == dt.datetime(2026, 4, 17, 11, tzinfo=dt.UTC)
    assert event.ends_at == dt.datetime(2026, 4, 19, 12, tzinfo=dt.UTC)
    assert event.timezone == "Europe/Warsaw"


def test_event_keeps_its_venue_and_its_links(imported):
    event = imported([ruby_event()])

    assert event.uid == "wroclove-rb-2026@rubyevents.org"
    assert (event.venue, event.city.name) == ("University of Wrocław", "Wrocław")
    assert event.address == "plac Uniwersytecki 1, 50-137 Wrocław, Poland"
    assert (event.latitude, event.longitude) == (51.1093, 17.0386)
    assert event.website == "https://wroclove.example.org"
    assert event.category.name == "Ruby"
    assert event.summary == "Ruby conference in Wrocław, Poland."
    assert event.description == (
        "- **Tickets:** [tickets.example.org](<https://tickets.example.org/2026>)"
    )


@pytest.mark.parametrize(
    ("series", "name"),
    [
        ("wroclove-rb", "wroclove.rb"),
        ("balkanruby", "Balkan Ruby"),
        ("rubyconf-au", "RubyConf AU"),
        ("kaigi-on-rails", "Kaigi on Rails"),
        ("euruko", "EuRuKo"),
        ("the-rails-edge", "The Rails Edge"),
    ],
)
def test_series_is_the_host_by_a_readable_name(imported, series, name):
    assert imported([ruby_event(series=series)]).host.name == name


@pytest.mark.parametrize("end_time", [None, "End", "All-Day"])
def test_without_both_clock_times_the_event_takes_whole_days(imported, end_time):
    event = imported([ruby_event(last_end_time=end_time)])

    assert event.is_all_day
    assert event.schedule.first_day == dt.date(2026, 4, 17)
    assert event.schedule.last_day == dt.date(2026, 4, 19)


def test_cancelled_row_becomes_a_cancelled_event(imported):
    assert imported([ruby_event(status="cancelled")]).status == EventStatus.CANCELLED


def test_online_location_is_no_city(imported):
    event = imported([ruby_event(location="online", lat=None, lon=None, venue=None)])

    assert event.city is None
    assert event.is_online


def test_hybrid_event_has_a_city_and_is_online(imported):
    event = imported([ruby_event(hybrid=True)])

    assert event.city.name == "Wrocław"
    assert event.is_online


def test_row_without_a_date_is_refused(refusal):
    row = ruby_event(start_date=None, end_date=None)

    assert refusal(row) == "line 2: “wroclove.rb 2026”: refused: There is no start date."


def test_end_before_start_is_refused(refusal):
    same_day = ruby_event(end_date="2026-04-17", last_end_time="12:00")

    assert "comes before the start" in refusal(same_day)


def test_clock_time_that_never_was_is_refused(refusal):
    row = ruby_event(start_date="2026-03-29", first_start_time="02:30")

    assert "2026-03-29 02:30 does not exist in Europe/Warsaw" in refusal(row)


def test_clock_time_that_was_twice_means_the_first(imported):
    event = imported(
        [ruby_event(start_date="2026-10-25", first_start_time="02:30", end_date="2026-10-26")]
    )

    assert event.starts_at == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


def test_place_that_is_no_city_is_kept_as_the_venue(imported):
    event = imported([ruby_event(location="Europe", lat=None, lon=None, venue=None)])

    assert (event.city, event.venue) == (None, "Europe")
    assert event.timezone == "Europe/Warsaw"
