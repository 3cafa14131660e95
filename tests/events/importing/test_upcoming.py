import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from events.importing.upcoming import later
from events.models import Event
from tests.events.importing.conftest import conference, ruby_event


@pytest.mark.parametrize("days_ago", [2, 40, 364, 365, 366, 1000, 4000])
def test_past_event_moves_by_whole_years_into_the_next_twelve_months(imported, days_ago):
    start = timezone.now().date() - dt.timedelta(days=days_ago)
    end = start + dt.timedelta(days=1)
    event = imported([conference(startDate=str(start), endDate=str(end))], "--as-upcoming")

    now = timezone.now()
    assert now < event.starts_at <= now + dt.timedelta(days=367)
    moved = event.schedule.first_day
    assert moved == later(start, moved.year - start.year)
    assert event.schedule.last_day - moved == dt.timedelta(days=1)
    assert "Moved for a demonstration" in event.description


def test_wall_clock_stays_across_summer_time(imported):
    event = imported([ruby_event(start_date="2019-07-05", end_date="2019-07-06")], "--as-upcoming")

    local = event.starts_at.astimezone(ZoneInfo("Europe/Warsaw"))
    assert (local.month, local.day, local.hour, local.minute) == (7, 5, 13, 0)
    assert event.schedule.end.hour == 14
    assert "really took place 5 – 6 Jul 2019." in event.description


def test_leap_day_becomes_the_28th_in_other_years():
    assert later(dt.date(2020, 2, 29), 1) == dt.date(2021, 2, 28)
    assert later(dt.date(2020, 2, 29), 8) == dt.date(2028, 2, 29)
    assert later(dt.datetime(2020, 2, 29, 19, 30), 1) == dt.datetime(2021, 2, 28, 19, 30)


def test_event_on_a_leap_day_lasts_as_long_as_before(imported):
    event = imported([conference(startDate="2020-02-28", endDate="2020-03-01")], "--as-upcoming")

    assert event.schedule.last_day - event.schedule.first_day == dt.timedelta(days=2)
    assert (event.schedule.first_day.month, event.schedule.first_day.day) == (2, 28)


def test_deadline_of_the_call_for_papers_moves_along(imported):
    event = imported(
        [conference(startDate="2018-06-10", endDate="2018-06-10", cfpEndDate="2018-01-20")],
        "--as-upcoming",
    )

    assert f"until 20 January {event.schedule.first_day.year}" in event.description


def test_event_that_is_not_over_stays(imported):
    start = timezone.now().date() + dt.timedelta(days=800)
    event = imported([conference(startDate=str(start), endDate=str(start))], "--as-upcoming")

    assert event.schedule.first_day == start
    assert "demonstration" not in event.description


def test_moving_again_changes_nothing(import_file):
    rows = [conference(startDate="2018-06-10", endDate="2018-06-11")]
    import_file(rows, "--as-upcoming")

    assert "1 unchanged" in import_file(rows, "--as-upcoming")


def test_moving_keeps_the_identity(import_file):
    rows = [conference(startDate="2018-06-10", endDate="2018-06-11")]
    import_file(rows)

    assert "1 updated" in import_file(rows, "--as-upcoming")
    assert Event.objects.get().uid == "https://djangocon.example.org#2018-06-10"
