"""A search as a month: through the page, on a small site and on one that counts by bitmaps."""

import datetime as dt
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from events.search import calendar, facet_store
from events.search.calendar import month_after
from events.search.facet_store import build_facet_index, facet_index
from tests.factories import CityFactory, EventFactory

pytestmark = pytest.mark.django_db

# Next month, whose days are all ahead.
FIRST = month_after(timezone.localdate().replace(day=1), 1)


def event_on(day: int, hour: int = 19, days: int = 0, **facts):
    start = dt.datetime(FIRST.year, FIRST.month, day, hour, tzinfo=dt.UTC)
    end = start + (dt.timedelta(days=days) or dt.timedelta(hours=2))
    return EventFactory(starts_at=start, ends_at=end, timezone="UTC", **facts)


def ask(client, **query):
    response = client.get("/events/", {"view": "calendar", "month": f"{FIRST:%Y-%m}"} | query)
    assert response.status_code == 200
    return response


def month(client, **query):
    """The days with events: how many, and the titles that are shown."""
    weeks = ask(client, **query).context["month"].weeks
    assert all(len(week) == 7 for week in weeks)
    days = [day for week in weeks for day in week if day]
    assert [day.date.day for day in days] == list(range(1, len(days) + 1))
    return {
        day.date.day: (day.total.number, [entry.event.title for entry in day.entries])
        for day in days
        if day.total.number
    }


@pytest.fixture(params=["small", "large"])
def site(request, monkeypatch):
    """Events, then what a site of that size makes of them."""

    def is_ready() -> None:
        if request.param == "large":
            monkeypatch.setattr(facet_store, "MOST_COUNTED", 0)
            assert build_facet_index()
            assert facet_index()

    return is_ready


def test_day_has_its_number_of_events_and_the_first_of_them(client, site):
    for hour in (20, 9, 15, 11, 22):
        event_on(5, hour, title=f"At {hour}")
    event_on(6, title="Next day")
    site()

    assert month(client) == {5: (5, ["At 9", "At 11", "At 15"]), 6: (1, ["Next day"])}
    html = ask(client).content.decode()
    assert "+2 more" in html
    assert f'href="?date={FIRST:%Y-%m}-05"' in html


def test_event_of_several_days_is_on_each_after_what_begins_there(client, site):
    event_on(5, 10, days=2, title="Three days")
    event_on(6, 20, title="Evening")
    site()

    assert month(client) == {
        5: (1, ["Three days"]),
        6: (2, ["Evening", "Three days"]),
        7: (1, ["Three days"]),
    }


def test_event_from_the_month_before_goes_on(client, site):
    event_on(1, 0, days=1, title="New")
    start = dt.datetime(FIRST.year, FIRST.month, 1, tzinfo=dt.UTC) - dt.timedelta(hours=20)
    EventFactory(title="Old", starts_at=start, ends_at=start + dt.timedelta(days=2), timezone="UTC")
    site()

    assert month(client)[1] == (2, ["New", "Old"])
    assert month(client)[2] == (1, ["Old"])


def test_days_are_those_of_the_place(client, site):
    start = dt.datetime(FIRST.year, FIRST.month, 9, 3, tzinfo=dt.UTC)
    EventFactory(
        title="Late",
        starts_at=start,
        ends_at=start + dt.timedelta(hours=1),
        timezone="America/Lima",
    )
    site()

    assert month(client) == {8: (1, ["Late"])}


@pytest.mark.parametrize(
    "query", [{"city": "lisbon"}, {"q": "fado"}, {"city": "lisbon", "q": "fado"}]
)
def test_filters_hold(client, site, query):
    event_on(5, title="Fado", city=CityFactory(slug="lisbon", name="Lisbon"))
    event_on(5, title="Other")
    site()

    assert month(client, **query) == {5: (1, ["Fado"])}


def test_months_lead_on_and_keep_the_filters(client):
    event_on(5, city=CityFactory(slug="lisbon"))
    shown = ask(client, city="lisbon", sort="popular").context["month"]
    expected = {"view": ["calendar"], "city": ["lisbon"], "sort": ["popular"]}

    following = parse_qs(shown.following.removeprefix("?"))
    assert following == expected | {"month": [f"{month_after(FIRST, 1):%Y-%m}"]}
    previous = client.get("/events/" + shown.previous).context["month"]
    assert previous.first == month_after(FIRST, -1)
    assert previous.previous == ""


@pytest.mark.parametrize(
    ("asked", "months_ahead"), [("", 0), ("1999-01", 0), ("9999-12", calendar.MONTHS_AHEAD)]
)
def test_month_is_this_one_or_one_of_a_year(client, asked, months_ahead):
    shown = ask(client, month=asked).context["month"]

    assert shown.first == month_after(timezone.localdate().replace(day=1), months_ahead)
    assert bool(shown.following) == (months_ahead == 0)


def test_month_that_is_none_is_refused(client):
    assert client.get("/events/?view=calendar&month=2026-13").status_code == 400


@pytest.mark.parametrize("query", [{}, {"month": "1999-01"}])
def test_month_is_that_of_the_days_asked_for(client, query):
    day = month_after(FIRST, 2).replace(day=12)

    response = client.get("/events/", {"view": "calendar", "date": day.isoformat()} | query)

    assert response.context["month"].first == day.replace(day=1)


def test_today_is_marked_and_an_empty_month_says_so(client):
    event_on(5)
    html = client.get("/events/?view=calendar").content.decode()

    assert html.count('aria-current="date"') == 1
    assert "Nothing that matches is on in" in html
