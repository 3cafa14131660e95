"""Any search as a calendar that other programs subscribe to."""

import datetime as dt
import re

import icalendar
import pytest
from django.conf import settings
from django.utils import timezone

from events.feeds import finding
from events.models import Event, EventStatus
from events.services.publishing import cancel_event
from tests.factories import CityFactory, EventFactory, TicketTypeFactory, UserFactory

pytestmark = pytest.mark.django_db


def fetch(client, query="", **headers):
    return client.get(f"/events.ics{query}", **headers)


def calendar(client, query=""):
    response = fetch(client, query)
    assert response.status_code == 200
    return icalendar.Calendar.from_ical(response.content)


def entries(client, query=""):
    return calendar(client, query).walk("VEVENT")


def titles(client, query=""):
    return [str(entry["SUMMARY"]) for entry in entries(client, query)]


def test_feed_has_what_the_search_finds_the_soonest_first(client):
    berlin = CityFactory(slug="berlin")
    soon, later = timezone.now() + dt.timedelta(days=1), timezone.now() + dt.timedelta(days=2)
    EventFactory(title="Later", city=berlin, starts_at=later)
    EventFactory(title="Soon", city=berlin, starts_at=soon)
    EventFactory(title="Elsewhere")

    assert titles(client, "?city=berlin") == ["Soon", "Later"]
    assert titles(client, "?city=berlin&sort=newest") == ["Soon", "Later"]
    assert set(titles(client)) == {"Soon", "Later", "Elsewhere"}


def test_feed_says_what_it_is_and_how_often_to_look(client):
    CityFactory(slug="berlin", name="Berlin")

    feed = calendar(client, "?city=berlin&q=jazz&utm_source=mail")

    assert feed["X-WR-CALNAME"] == feed["NAME"] == "“jazz”, Berlin"
    assert feed["VERSION"] == "2.0"
    assert feed["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert feed["REFRESH-INTERVAL"].dt == dt.timedelta(hours=1)
    assert feed["X-PUBLISHED-TTL"] == "PT1H"
    assert feed["SOURCE"] == f"{settings.PUBLIC_URL}/events.ics?q=jazz&city=berlin"
    assert feed["URL"] == f"{settings.PUBLIC_URL}/events/?q=jazz&city=berlin"
    assert "METHOD" not in feed


def test_changed_event_keeps_its_uid_and_has_a_higher_sequence(client):
    event = EventFactory(title="Before")
    [before] = entries(client)

    event.title = "After"
    event.save()

    [after] = entries(client)
    assert after["SUMMARY"] == "After"
    assert after["UID"] == before["UID"] == event.uid
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["DTSTAMP"].dt == after["LAST-MODIFIED"].dt >= before["DTSTAMP"].dt


def test_sale_of_tickets_changes_no_entry(client):
    ticket_type = TicketTypeFactory()
    before = fetch(client).content

    ticket_type.stock.taken += 1
    ticket_type.stock.save()

    assert fetch(client).content == before


def test_event_that_is_cancelled_says_so_in_the_feeds_that_had_it(client):
    berlin = CityFactory(slug="berlin")
    event = EventFactory(title="Tango", city=berlin)
    [before] = entries(client, "?q=tango&city=berlin")

    cancel_event(event=event)

    [after] = entries(client, "?q=tango&city=berlin")
    assert after["STATUS"] == "CANCELLED"
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
    assert titles(client, "?q=polka") == []
    assert titles(client, "?q=tango&max_price=5") == []


def test_event_that_was_cancelled_long_ago_is_gone(client):
    event = EventFactory(starts_at=timezone.now() + dt.timedelta(days=60))
    cancel_event(event=event)
    assert len(entries(client)) == 1

    past = timezone.now() - finding.SHOWN_CANCELLED - dt.timedelta(days=1)
    Event.objects.filter(pk=event.pk).update(updated_at=past)

    assert entries(client) == []


def test_drafts_and_past_events_are_in_no_feed_even_of_their_host(client):
    draft = EventFactory(status=EventStatus.DRAFT, host__owner=UserFactory())
    EventFactory(starts_at=timezone.now() - dt.timedelta(days=3))
    client.force_login(draft.host.owner)

    assert entries(client) == []


def test_times_are_on_the_clock_of_the_place_and_zones_are_explained(client):
    EventFactory(timezone="Asia/Kolkata")
    EventFactory(timezone="Europe/Berlin")
    EventFactory(timezone="Europe/Berlin")

    feed = calendar(client)

    zones = {str(zone["TZID"]): zone for zone in feed.walk("VTIMEZONE")}
    assert zones.keys() == {"Asia/Kolkata", "Europe/Berlin"}
    assert {entry["DTSTART"].params["TZID"] for entry in feed.walk("VEVENT")} == zones.keys()
    summer = zones["Europe/Berlin"].to_tz().utcoffset(dt.datetime(timezone.now().year, 7, 1))
    assert summer == dt.timedelta(hours=2)


def test_lines_are_folded_and_end_as_the_format_wants(client):
    EventFactory(title="Müsli, Tee; und mehr " * 8, summary="Ünïcödé " * 30)

    content = fetch(client).content

    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not re.search(rb"(?<!\r)\n", content)
    [entry] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert entry["SUMMARY"] == "Müsli, Tee; und mehr " * 8


def test_nothing_that_people_typed_ends_a_line(client):
    odd = "One\rTwo\x0bThree\x85Four\u2028Five\x1bSix"
    EventFactory(title=odd, summary=odd, venue=odd)

    text = fetch(client, "?q=one%0bfive").content.decode()
    content = fetch(client).content.decode()

    assert text.splitlines() == text.split("\r\n")[:-1]
    assert content.splitlines() == content.split("\r\n")[:-1]
    [entry] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert "".join(re.findall("[A-Z][a-z]+", entry["SUMMARY"])) == "OneTwoThreeFourFiveSix"
    assert not re.search("[\x00-\x1f]", entry["SUMMARY"])


def test_feed_says_that_it_has_so_many_at_most(client):
    feed = calendar(client)

    assert feed["DESCRIPTION"] == feed["X-WR-CALDESC"] == "The soonest 500 events at most."


def test_feed_has_the_soonest_few_hundred(client, monkeypatch):
    monkeypatch.setattr(finding, "MOST_IN_CALENDAR", 2)
    for day in (3, 1, 2):
        EventFactory(title=f"Day {day}", starts_at=timezone.now() + dt.timedelta(days=day))

    assert titles(client) == ["Day 1", "Day 2"]


def test_feed_that_has_not_changed_is_not_sent_again(client):
    event = EventFactory()
    first = fetch(client)
    assert first["Cache-Control"] == "public, max-age=900"
    assert "Cookie" not in first.get("Vary", "")

    again = fetch(client, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]

    event.venue = "Red Room"
    event.save()
    changed = fetch(client, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?city=atlantis", "City: There is no such city"),
        ("?min_price=9&max_price=1", "Price up to: This is less than the lowest price."),
        ("?when=never", "When:"),
    ],
)
@pytest.mark.parametrize("path", ["/events.ics", "/events.atom"])
def test_filters_that_do_not_work_are_refused_in_words(client, path, query, words):
    response = client.get(path + query)

    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert words in response.content.decode()


def test_number_of_queries_is_the_same_for_one_event_and_for_ten(
    client, django_assert_max_num_queries
):
    EventFactory()
    fetch(client)
    for number in range(10):
        with django_assert_max_num_queries(3):  # what matches, what was cancelled, the events
            fetch(client)
        EventFactory(title=f"Another {number}")


def test_program_that_only_looks_is_answered(client):
    assert client.head("/events.ics").status_code == 200
    assert client.post("/events.ics").status_code == 405
