import datetime as dt

import pytest
from django.forms import model_to_dict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventmate.timezones import time_zone_names
from events.forms.event import EventForm
from events.models import Event
from tests.events.edits import berlin, refused, saved, shown, utc
from tests.factories import EventFactory
from tests.html_form import submission

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)

zones = st.sampled_from(sorted(time_zone_names()))
instants = st.datetimes(
    dt.datetime(1900, 1, 3), dt.datetime(2199, 12, 28), timezones=st.just(dt.UTC)
)
lengths = st.timedeltas(dt.timedelta(microseconds=1), dt.timedelta(days=2))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(starts_at=instants, length=lengths, zone=zones, is_all_day=st.booleans())
def test_saving_what_the_form_shows_changes_nothing(
    starts_at: dt.datetime, length: dt.timedelta, zone: str, is_all_day: bool
) -> None:
    event = EventFactory(
        starts_at=starts_at, ends_at=starts_at + length, timezone=zone, is_all_day=is_all_day
    )
    fields = submission(str(EventForm(instance=event)))
    assert fields == shown(event)

    form = EventForm(fields, instance=Event.objects.get(pk=event.pk))
    assert form.is_valid(), form.errors
    form.save()

    after = Event.objects.get(pk=event.pk)
    assert model_to_dict(after) == model_to_dict(event)
    assert (after.start_date, after.end_date) == (event.start_date, event.end_date)


@pytest.mark.parametrize(
    ("zone", "starts_at"),
    [
        ("Europe/Berlin", utc(2026, 3, 29, 0, 59, 59)),
        ("Europe/Berlin", utc(2026, 10, 25, 0, 30)),
        ("Europe/Berlin", utc(2026, 10, 25, 1, 30, 12, 345678)),
        ("America/Havana", utc(2026, 11, 1, 5, 15)),
        ("Australia/Lord_Howe", utc(2026, 4, 4, 15, 10)),
        ("Asia/Kathmandu", utc(1985, 12, 31, 18, 29)),
        ("Africa/Monrovia", utc(1972, 1, 7, 0, 44, 29)),
    ],
)
def test_a_hundred_saves_move_nothing(zone: str, starts_at: dt.datetime) -> None:
    event = EventFactory(starts_at=starts_at, ends_at=starts_at + MINUTE, timezone=zone)

    for _ in range(100):
        event = saved(event)

    assert (event.starts_at, event.ends_at, event.timezone) == (starts_at, starts_at + MINUTE, zone)


def test_changing_only_the_zone_keeps_the_wall_clock() -> None:
    event = berlin(2026, 7, 4, 16, 30, 7)

    event = saved(event, timezone="America/New_York")

    assert event.starts_at == utc(2026, 7, 4, 22, 30, 7)
    assert event.ends_at == utc(2026, 7, 4, 23, 30, 7)


def test_changing_the_end_leaves_the_seconds_of_the_start() -> None:
    event = berlin(2026, 7, 4, 16, 30, 7)

    event = saved(event, ends_time="23:15")

    assert event.starts_at == utc(2026, 7, 4, 16, 30, 7)
    assert event.ends_at == utc(2026, 7, 4, 21, 15)


def test_a_time_that_does_not_exist_is_refused_with_what_happens_that_day() -> None:
    event = berlin(2026, 3, 28, 18)

    form = refused(event, starts_on="2026-03-29", starts_time="02:30", ends_on="2026-03-29")

    assert form.errors == {
        "starts_time": [
            "02:30 does not exist on 29 March 2026 in Europe/Berlin:"
            " clocks go forward from 02:00 to 03:00."
        ]
    }


class TestATimeThatComesTwice:
    typed = {
        "starts_on": "2026-10-25",
        "starts_time": "02:30",
        "ends_on": "2026-10-25",
        "ends_time": "06:00",
    }

    def test_asks_which_one_is_meant(self) -> None:
        event = berlin(2026, 10, 24, 18)

        form = refused(event, **self.typed)

        assert form.errors == {
            "starts_occurrence": [
                "02:30 comes twice on 25 October 2026 in Europe/Berlin:"
                " clocks go back from 03:00 to 02:00. Choose which one is meant."
            ]
        }
        assert '<select name="starts_occurrence"' in str(form["starts_occurrence"])
        assert form["ends_occurrence"].is_hidden

    @pytest.mark.parametrize(
        ("choice", "starts_at"), [("0", utc(2026, 10, 25, 0, 30)), ("1", utc(2026, 10, 25, 1, 30))]
    )
    def test_is_taken_as_chosen_and_stays_so(self, choice: str, starts_at: dt.datetime) -> None:
        event = berlin(2026, 10, 24, 18)

        event = saved(event, **self.typed, starts_occurrence=choice)
        assert event.starts_at == starts_at

        form = EventForm(instance=event)
        assert not form["starts_occurrence"].is_hidden
        assert shown(event)["starts_occurrence"] == choice
        assert saved(event).starts_at == starts_at

    def test_can_be_changed_for_the_other(self) -> None:
        event = berlin(2026, 10, 25, 1, 30, 7)

        event = saved(event, starts_occurrence="0", ends_time="06:00")

        assert event.starts_at == utc(2026, 10, 25, 0, 30, 7)

    def test_keeps_the_choice_on_a_form_that_comes_back_for_another_reason(self) -> None:
        event = berlin(2026, 10, 24, 18)

        form = refused(event, **self.typed, starts_occurrence="1", title="")

        assert set(form.errors) == {"title"}
        assert form["starts_occurrence"].value() == "1"

    def test_a_choice_does_not_matter_for_a_time_that_comes_once(self) -> None:
        event = berlin(2026, 7, 4, 16, 30, 7)

        assert saved(event, starts_occurrence="1").starts_at == utc(2026, 7, 4, 16, 30, 7)


class TestWholeDays:
    @pytest.mark.parametrize(
        ("zone", "first", "last", "starts_at", "ends_at"),
        [
            (
                "Europe/Berlin",
                "2026-03-28",
                "2026-03-29",
                utc(2026, 3, 27, 23),
                utc(2026, 3, 29, 22),
            ),
            # Midnight of 8 March does not exist in Havana, and that of 1 November comes twice.
            ("America/Havana", "2026-03-08", "2026-03-08", utc(2026, 3, 8, 5), utc(2026, 3, 9, 4)),
            ("America/Havana", "2026-03-07", "2026-03-07", utc(2026, 3, 7, 5), utc(2026, 3, 8, 5)),
            (
                "America/Havana",
                "2026-10-31",
                "2026-11-01",
                utc(2026, 10, 31, 4),
                utc(2026, 11, 2, 5),
            ),
        ],
    )
    def test_run_from_the_first_to_the_end_of_the_last(
        self, zone: str, first: str, last: str, starts_at: dt.datetime, ends_at: dt.datetime
    ) -> None:
        event = berlin(2026, 7, 4, 16, 30)

        event = saved(event, is_all_day="on", timezone=zone, starts_on=first, ends_on=last)

        assert (event.starts_at, event.ends_at) == (starts_at, ends_at)
        fields = shown(event)
        assert (fields["starts_on"], fields["ends_on"]) == (first, last)
        assert (fields["starts_time"], fields["ends_time"]) == ("", "")
        assert saved(event).ends_at == ends_at

    def test_become_hours_once_times_are_given(self) -> None:
        event = saved(
            berlin(2026, 7, 4, 16, 30),
            is_all_day="on",
            starts_on="2026-07-04",
            ends_on="2026-07-05",
        )
        fields = shown(event)
        del fields["is_all_day"]

        form = EventForm(fields, instance=event)
        assert set(form.errors) == {"starts_time", "ends_time"}

        form = EventForm(fields | {"starts_time": "10:00", "ends_time": "18:00"}, instance=event)
        assert form.is_valid(), form.errors
        assert form.save().ends_at == utc(2026, 7, 5, 16)

    def test_keep_their_dates_in_another_zone(self) -> None:
        event = saved(
            berlin(2026, 7, 4, 16, 30),
            is_all_day="on",
            starts_on="2026-07-04",
            ends_on="2026-07-05",
        )

        event = saved(event, timezone="Asia/Tokyo")

        assert (event.starts_at, event.ends_at) == (utc(2026, 7, 3, 15), utc(2026, 7, 5, 15))

    def test_a_day_that_the_zone_left_out_is_refused(self) -> None:
        form = refused(
            berlin(2026, 7, 4, 16, 30),
            is_all_day="on",
            timezone="Pacific/Apia",
            starts_on="2011-12-30",
            ends_on="2011-12-31",
        )

        assert form.errors == {
            "starts_on": ["This day was left out of the calendar in Pacific/Apia."]
        }
