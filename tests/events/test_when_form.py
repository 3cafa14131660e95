"""When an event takes place, as its host gives it: in as few fields as will do."""

import datetime as dt

import pytest

from events.forms.editing.when import WhenForm
from events.models import Event, EventStatus
from tests.events.edits import berlin, utc
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db


def new_draft(**fields: object) -> Event:
    return EventFactory(status=EventStatus.DRAFT, is_scheduled=False, **fields)


def saved(event: Event, **fields: str) -> Event:
    form = WhenForm(fields, instance=event)
    assert form.is_valid(), form.errors
    form.save()
    return Event.objects.get(pk=event.pk)


def test_a_new_draft_shows_no_times_and_gets_some() -> None:
    draft = new_draft()
    assert WhenForm(instance=draft)["starts_on"].value() is None

    event = saved(draft, starts_on="2026-07-04", starts_time="19:00", ends_on="", ends_time="22:00")

    assert event.is_scheduled
    assert (event.starts_at, event.ends_at) == (utc(2026, 7, 4, 17), utc(2026, 7, 4, 20))


def test_an_end_before_the_start_on_the_clock_is_in_the_night_after() -> None:
    event = saved(new_draft(), starts_on="2026-07-04", starts_time="22:00", ends_time="04:00")

    assert event.ends_at == utc(2026, 7, 5, 2)


def test_whole_days_need_no_times() -> None:
    event = saved(new_draft(), starts_on="2026-07-04", is_all_day="on")

    assert event.schedule.dates == "Sat 4 Jul 2026"
    assert event.ends_at - event.starts_at == dt.timedelta(days=1)


def test_all_that_is_missing_is_told_at_once() -> None:
    form = WhenForm({}, instance=new_draft())

    assert set(form.errors) == {"starts_on", "starts_time", "ends_time"}


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"starts_on": "2026-03-29", "starts_time": "02:30"}, "starts_time", "does not exist"),
        ({"starts_on": "2026-10-25", "starts_time": "02:30"}, "starts_occurrence", "comes twice"),
        ({"starts_on": "", "starts_time": "19:00"}, "starts_on", "required"),
        ({"starts_on": "2026-07-04", "ends_on": "2026-07-03"}, "ends_on", "after the start"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    fields: dict[str, str], field: str, message: str
) -> None:
    form = WhenForm({"starts_time": "19:00", "ends_time": "23:00"} | fields, instance=new_draft())

    assert message in form.errors[field][0]


def test_of_a_time_that_comes_twice_the_chosen_one_is_meant() -> None:
    day = {"starts_on": "2026-10-25", "starts_time": "02:30", "ends_time": "06:00"}

    first = saved(new_draft(), **day, starts_occurrence="0")
    second = saved(new_draft(), **day, starts_occurrence="1")

    assert second.starts_at - first.starts_at == dt.timedelta(hours=1)


def test_the_zone_is_asked_for_where_an_event_is_only_online() -> None:
    day = {"starts_on": "2026-07-04", "starts_time": "19:00", "ends_time": "20:00"}
    assert "timezone" not in WhenForm(instance=new_draft()).fields
    online = {"city": None, "is_online": True, "timezone": "UTC"}

    assert "timezone" in WhenForm(day, instance=new_draft(**online)).errors
    event = saved(new_draft(**online), **day, timezone="Asia/Tokyo")

    assert (event.timezone, event.starts_at) == ("Asia/Tokyo", utc(2026, 7, 4, 10))


def test_an_end_that_is_not_touched_stays_the_very_instant() -> None:
    event = berlin(2026, 10, 25, 1, 30)  # the second 02:30

    event = saved(
        event,
        starts_on="2026-10-25",
        starts_time="02:30",
        starts_occurrence="1",
        ends_on="2026-10-25",
        ends_time="05:00",
    )

    assert event.starts_at == utc(2026, 10, 25, 1, 30)
