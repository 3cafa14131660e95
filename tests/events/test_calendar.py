import datetime as dt

import icalendar
import pytest
from django.conf import settings

from events.models import EventStatus
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db


def calendar_of(client, event):
    response = client.get(f"/event/{event.slug}/event.ics")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(response.content)


def entry_of(client, event):
    [entry] = calendar_of(client, event).walk("VEVENT")
    return entry


def test_file_has_the_event_on_the_clock_of_its_place(client):
    event = EventFactory(
        title="Late Night Jazz",
        timezone="Europe/Berlin",
        starts_at=dt.datetime(2101, 7, 1, 18, 0, tzinfo=dt.UTC),
        city__name="Berlin",
        city__country="Germany",
    )

    entry = entry_of(client, event)

    assert entry["UID"] == event.uid
    assert entry["SUMMARY"] == "Late Night Jazz"
    assert entry["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert entry.start.replace(tzinfo=None) == dt.datetime(2101, 7, 1, 20, 0)
    assert entry.end.replace(tzinfo=None) == dt.datetime(2101, 7, 1, 23, 0)
    assert entry["LOCATION"] == "Blue Room, Torstraße 1, 10119 Berlin, Berlin, Germany"
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["URL"] == f"{settings.PUBLIC_URL}/event/{event.slug}/"


def test_file_explains_its_time_zone(client):
    event = EventFactory(timezone="Asia/Kolkata")

    zones = calendar_of(client, event).walk("VTIMEZONE")

    assert [zone["TZID"] for zone in zones] == ["Asia/Kolkata"]


def test_universal_time_needs_no_explanation(client):
    start = dt.datetime(2101, 7, 1, 18, 0, tzinfo=dt.UTC)

    calendar = calendar_of(client, EventFactory(timezone="Etc/UTC", starts_at=start))

    assert not calendar.walk("VTIMEZONE")
    assert calendar.walk("VEVENT")[0].start == start


@pytest.mark.parametrize("year", [1971, 2040, 2101, 9998])
def test_clock_of_the_place_is_that_of_the_year(client, year):
    start = dt.datetime(year, 7, 1, 18, 0, tzinfo=dt.UTC)
    event = EventFactory(timezone="America/New_York", starts_at=start)

    [zone] = calendar_of(client, event).walk("VTIMEZONE")

    local = start.astimezone(zone.to_tz(lookup_tzid=False))
    assert (local.hour, local.tzname()) == (14, "EDT")


def test_whole_days_are_dates_and_the_end_is_the_day_after(client):
    midnight = dt.datetime(2101, 7, 1, 22, 0, tzinfo=dt.UTC)  # of 2 July in Berlin
    event = EventFactory(
        is_all_day=True, starts_at=midnight, ends_at=midnight + dt.timedelta(days=2)
    )

    entry = entry_of(client, event)

    assert entry.start == dt.date(2101, 7, 2)
    assert entry.end == dt.date(2101, 7, 4)


def test_cancelled_event_says_so(client):
    assert entry_of(client, EventFactory(status=EventStatus.CANCELLED))["STATUS"] == "CANCELLED"


def test_draft_is_not_for_everyone(client):
    draft, published = EventFactory(status=EventStatus.DRAFT), EventFactory()

    assert client.get(f"/event/{published.slug}/event.ics").status_code == 200
    assert client.get(f"/event/{draft.slug}/event.ics").status_code == 404


def test_online_event_is_online_and_one_without_a_place_has_none(client):
    nowhere = {"city": None, "venue": "", "address": ""}

    assert entry_of(client, EventFactory(**nowhere, is_online=True))["LOCATION"] == "Online"
    assert "LOCATION" not in entry_of(client, EventFactory(**nowhere))
