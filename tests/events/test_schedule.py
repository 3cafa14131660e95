"""How times read: on the clock of the place, whatever the zone and the season."""

import datetime as dt

import pytest
from django.template import Context, Template

from events.models import Event
from events.schedule import Schedule


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def rendered(tag, event):
    html = Template("{% load events %}" + tag).render(Context({"event": event}))
    return " ".join(html.split())


@pytest.mark.parametrize(
    ("zone", "hours", "name"),
    [
        ("Europe/Berlin", "19:00 – 22:00", "CET"),
        ("America/New_York", "13:00 – 16:00", "EST"),
        ("Asia/Kolkata", "23:30 – 02:30", "IST"),
        ("Asia/Kathmandu", "23:45 – 02:45", "UTC+5:45"),
        ("America/Sao_Paulo", "15:00 – 18:00", "UTC-3"),
        ("UTC", "18:00 – 21:00", "UTC"),
    ],
)
def test_hours_are_those_of_the_zone_and_its_name_is_said(zone, hours, name):
    schedule = Schedule(utc(2026, 12, 4, 18), utc(2026, 12, 4, 21), zone)

    assert (schedule.hours, schedule.zone) == (hours, name)


@pytest.mark.parametrize(
    ("start", "end", "dates"),
    [
        (utc(2026, 12, 4, 18), utc(2026, 12, 4, 21), "Fri 4 Dec 2026"),
        (utc(2026, 12, 4, 18), utc(2026, 12, 4, 23), "Fri 4 Dec 2026"),  # midnight in Berlin
        (utc(2026, 12, 4, 18), utc(2026, 12, 6, 18), "4 – 6 Dec 2026"),
        (utc(2026, 11, 30, 18), utc(2026, 12, 1, 18), "30 Nov – 1 Dec 2026"),
        (utc(2026, 12, 30, 18), utc(2027, 1, 2, 18), "30 Dec 2026 – 2 Jan 2027"),
    ],
)
def test_dates_name_no_more_than_is_needed(start, end, dates):
    assert Schedule(start, end, "Europe/Berlin").dates == dates


def test_local_day_may_be_another_than_that_of_utc():
    assert (
        Schedule(utc(2026, 12, 4, 23), utc(2026, 12, 5, 1), "Asia/Tokyo").dates == "Sat 5 Dec 2026"
    )


def test_whole_days_have_no_hours_and_end_on_their_last_day():
    schedule = Schedule(
        utc(2026, 12, 3, 23), utc(2026, 12, 5, 23), "Europe/Berlin", is_all_day=True
    )

    assert (schedule.dates, schedule.hours, schedule.zone) == ("4 – 5 Dec 2026", "", "")


@pytest.mark.parametrize(
    ("start", "end", "page", "card"),
    [
        (
            utc(2026, 12, 4, 18),
            utc(2026, 12, 4, 21),
            "Fri 4 Dec 2026, 19:00 – 22:00 CET",
            "Fri 4 Dec 2026 · 19:00 CET",
        ),
        (
            utc(2026, 12, 4, 21),
            utc(2026, 12, 5, 3),
            "Fri 4 Dec 2026, 22:00 CET to Sat 5 Dec 2026, 04:00 CET",
            "Fri 4 Dec 2026 · 22:00 CET",
        ),
        (
            utc(2026, 12, 4, 18),
            utc(2026, 12, 6, 11),
            "Fri 4 Dec 2026, 19:00 CET to Sun 6 Dec 2026, 12:00 CET",
            "4 – 6 Dec 2026 · 19:00 CET",
        ),
        (  # clocks went back from 03:00 to 02:00
            utc(2026, 10, 24, 23),
            utc(2026, 10, 25, 2),
            "Sun 25 Oct 2026, 01:00 CEST to Sun 25 Oct 2026, 03:00 CET",
            "Sun 25 Oct 2026 · 01:00 CEST",
        ),
        (  # and forward from 02:00 to 03:00
            utc(2026, 3, 28, 20),
            utc(2026, 3, 29, 3),
            "Sat 28 Mar 2026, 21:00 CET to Sun 29 Mar 2026, 05:00 CEST",
            "Sat 28 Mar 2026 · 21:00 CET",
        ),
    ],
)
def test_pages_and_cards_show_the_time_at_the_place(start, end, page, card):
    event = Event(starts_at=start, ends_at=end, timezone="Europe/Berlin")

    whole = rendered("{% event_when event %}", event)
    short = rendered("{% event_start event %}", event)

    assert without_tags(whole) == page
    assert without_tags(short) == card
    assert f'datetime="{event.schedule.start.isoformat()}"' in whole
    assert f'datetime="{event.schedule.start.isoformat()}"' in short


def test_whole_days_are_shown_without_a_clock():
    event = Event(
        starts_at=utc(2026, 12, 3, 23),
        ends_at=utc(2026, 12, 5, 23),
        timezone="Europe/Berlin",
        is_all_day=True,
    )

    assert rendered("{% event_start event %}", event) == (
        '<time datetime="2026-12-04">4 – 5 Dec 2026</time>'
    )
    assert without_tags(rendered("{% event_when event %}", event)) == "4 – 5 Dec 2026, all day"


def without_tags(html):
    return Template("{{ html|striptags }}").render(Context({"html": html}))
