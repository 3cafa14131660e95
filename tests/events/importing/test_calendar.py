import datetime as dt

import pytest

from events.models import Event, EventStatus
from tests.events.importing.conftest import calendar

WINDOWS_CALENDAR = """\
BEGIN:VTIMEZONE
TZID:Our own zone
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0300
TZOFFSETTO:+0300
END:STANDARD
END:VTIMEZONE"""


def test_dates_end_on_the_day_before_dtend(imported):
    event = imported(calendar("DTSTART;VALUE=DATE:20260514\nDTEND;VALUE=DATE:20260518"))

    assert event.is_all_day
    assert event.starts_at == dt.datetime(2026, 5, 13, 22, tzinfo=dt.UTC)
    assert event.ends_at == dt.datetime(2026, 5, 17, 22, tzinfo=dt.UTC)
    assert (event.uid, event.timezone) == ("pycon@example.org", "Europe/Berlin")


@pytest.mark.parametrize("end", ["", "DTEND;VALUE=DATE:20260514", "DURATION:P1D"])
def test_date_alone_is_one_day(imported, end):
    event = imported(calendar(f"DTSTART;VALUE=DATE:20260514\n{end}".strip()))

    assert event.schedule.first_day == event.schedule.last_day == dt.date(2026, 5, 14)


@pytest.mark.parametrize(
    ("start", "head", "hour", "timezone"),
    [
        ("DTSTART;TZID=America/New_York:20260514T100000", "", 14, "America/New_York"),
        ("DTSTART;TZID=Eastern Standard Time:20260514T100000", "", 14, "America/New_York"),
        ("DTSTART;TZID=/example.org/Asia/Tokyo:20260514T100000", "", 1, "Asia/Tokyo"),
        ("DTSTART;TZID=Our own zone:20260514T100000", WINDOWS_CALENDAR, 7, "Europe/Berlin"),
        ("DTSTART:20260514T100000Z", "", 10, "Europe/Berlin"),
        ("DTSTART:20260514T100000Z", "X-WR-TIMEZONE:Asia/Tokyo", 10, "Europe/Berlin"),
        ("DTSTART:20260514T100000", "X-WR-TIMEZONE:Asia/Tokyo", 1, "Europe/Berlin"),
        ("DTSTART:20260514T100000", "", 8, "Europe/Berlin"),
    ],
)
def test_start_is_the_instant_that_its_zone_tells(imported, start, head, hour, timezone):
    event = imported(calendar(start, head=head))

    assert event.starts_at == dt.datetime(2026, 5, 14, hour, tzinfo=dt.UTC)
    assert event.ends_at - event.starts_at == dt.timedelta(hours=2)
    assert event.timezone == timezone


@pytest.mark.parametrize(
    "location", ["Online", "Virtual event", "online (Zoom)", "Online via Jitsi"]
)
def test_location_may_say_that_it_is_online(imported, location):
    event = imported(calendar(f"LOCATION:{location}"))

    assert (event.city, event.is_online) == (None, True)


def test_online_event_is_in_the_calendar_s_zone(imported):
    event = imported(
        calendar(
            "LOCATION:https://meet.example.org/abc\nDTSTART:20260514T100000Z",
            head="X-WR-TIMEZONE:Asia/Tokyo",
        )
    )

    assert event.is_online
    assert (event.city, event.timezone) == (None, "Asia/Tokyo")


@pytest.mark.parametrize("end", ["DTEND:20260514T113000Z", "DURATION:PT1H30M"])
def test_end_or_duration(imported, end):
    event = imported(calendar(f"DTSTART:20260514T100000Z\n{end}"))

    assert event.ends_at == dt.datetime(2026, 5, 14, 11, 30, tzinfo=dt.UTC)


def test_folded_and_escaped_lines_and_html(imported):
    event = imported(
        calendar(
            "SUMMARY:Jazz\\, so\n  ul and more\n"
            'DESCRIPTION:<p>Read <a href="https://jazz.example.org/a?b=1">the\n'
            "   programme</a>.</p><ul><li>One</li><li><b>Two</b></li></ul>"
            "<script>alert(1)</script>\n"
            "LOCATION:Blue Room\\, Torstraße 1\\, 10119 Berlin\\, Germany\n"
            "GEO:52.53;13.4\nCATEGORIES:music,jazz\nORGANIZER;CN=Blue Room:mailto:a@example.org",
        )
    )

    assert event.title == "Jazz, so ul and more"
    assert event.description == (
        "Read [the programme](https://jazz.example.org/a?b=1).\n\n- One\n- **Two**\n\n"
        "- **Topics:** Music, Jazz"
    )
    assert event.website == "https://jazz.example.org/a?b=1"
    assert (event.venue, event.city.name) == ("Blue Room", "Berlin")
    assert event.address == "Blue Room, Torstraße 1, 10119 Berlin, Germany"
    assert (event.latitude, event.longitude) == (52.53, 13.4)
    assert (event.category.name, event.host.name) == ("Music", "Blue Room")


def test_own_address_comes_before_a_link_in_the_text(imported):
    event = imported(
        calendar("URL:https://own.example.org\nDESCRIPTION:See https://other.example.org.")
    )

    assert event.website == "https://own.example.org"


def test_calendar_s_name_is_the_host_and_tells_the_category(imported):
    event = imported(calendar("", head="X-WR-CALNAME:Python Events Calendar"))

    assert (event.host.name, event.category.name) == ("Python Events Calendar", "Python")
    assert event.summary == "Python event in Berlin, Germany."


def test_cancelled_event(imported):
    assert imported(calendar("STATUS:CANCELLED")).status == EventStatus.CANCELLED


def test_repeating_event_is_taken_once_with_a_remark(import_file):
    output = import_file(calendar("RRULE:FREQ=WEEKLY;COUNT=4"), "--verbosity", "2")

    assert "It repeats; only its first date is taken." in output
    assert Event.objects.count() == 1


def test_moved_date_of_a_repeating_event_is_an_event_of_its_own(import_file):
    text = calendar(
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "RECURRENCE-ID;VALUE=DATE:20260521\nDTSTART;VALUE=DATE:20260522",
    )

    assert "2 created" in import_file(text)
    assert "2 unchanged" in import_file(text)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("DTSTART;VALUE=DATE:20261450", "DTSTART “20261450” cannot be read."),
        ("DTSTART:99991231T235959Z", "The year 9999"),
        ("DTSTART;TZID=Mars/Olympus:20260514T100000", "The time zone “Mars/Olympus” of DTSTART"),
        ("DTSTART;VALUE=DATE:20260514\nDTEND;VALUE=DATE:20260510", "comes before the start"),
        ("DTSTART:20260514T100000Z\nDTEND:20260514T100000Z", "comes before the start"),
        ("DTSTART:20260514T100000Z\nDURATION:P999999D", "The year"),
        ("DTSTART:20260514T100000Z\nDURATION:P99999999D", "is too long"),
        ("DTSTART;TZID=Europe/Berlin:20260329T023000", "does not exist in Europe/Berlin"),
        ("GEO:100;10", "are not on Earth."),
        ("GEO:north;10", "GEO “north;10” cannot be read."),
        ("URL:javascript:alert(1)", "does not begin with http"),
        ("SUMMARY:", "There is no title"),
        ("SUMMARY:a\0b", "title holds a NUL byte."),
        ("CLASS:PRIVATE", "The calendar keeps it private"),
        ("DESCRIPTION:" + "<b>" * 200 + "deep", "nested too deeply"),
        ("UID:a\x01b", "UID holds a control character"),
    ],
)
def test_event_is_refused_with_its_reason_and_the_others_are_taken(import_file, lines, reason):
    output = import_file(calendar(lines, "UID:good@example.org"))

    assert reason in next(line for line in output.splitlines() if "refused: " in line)
    assert "1 created, 0 updated, 0 unchanged, 1 refused" in output


def test_line_is_that_of_begin_vevent(import_file):
    text = calendar("UID:1", "UID:2\nURL:javascript:x", "UID:3")

    output = import_file(text)

    begins = [number for number, line in enumerate(text.splitlines(), 1) if line == "BEGIN:VEVENT"]
    assert f"line {begins[1]}: “PyCon”: refused" in output


def test_event_without_its_end_is_refused_alone(import_file):
    text = calendar("UID:1", "UID:2", "UID:3").replace("END:VEVENT", "", 1)

    output = import_file(text)

    assert "line 3: refused: The event has no END:VEVENT." in output
    assert "2 created, 0 updated, 0 unchanged, 1 refused" in output


@pytest.mark.parametrize(
    ("location", "remark"),
    [
        ("Main hall", "No city is known in the place “Main hall”."),
        ("", "It has no LOCATION and is not online."),
    ],
)
def test_event_without_a_known_city_is_taken_with_a_remark(import_file, location, remark):
    text = calendar(f"LOCATION:{location}", head="X-WR-TIMEZONE:Europe/Vienna")

    assert remark in import_file(text, "--verbosity", "2")
    event = Event.objects.get()
    assert (event.city, event.is_online, event.venue) == (None, False, location)
    assert event.timezone == "Europe/Vienna"


def test_location_without_a_city_is_a_venue_in_the_city_of_the_option(imported):
    event = imported(calendar("LOCATION:Main hall"), "--city", "Vienna, Austria")

    assert (event.venue, event.city.name) == ("Main hall", "Vienna")


def test_calendar_without_a_unique_identifier_is_told_apart_by_its_facts(import_file):
    text = calendar("SUMMARY:A", "SUMMARY:B").replace("UID:pycon@example.org\r\n", "")

    assert "2 created" in import_file(text)
    assert "2 unchanged" in import_file(text)
