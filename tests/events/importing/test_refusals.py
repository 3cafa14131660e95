"""Rows that cannot be taken: each is reported with its line and reason; no other suffers."""

import pytest
from django.db import connection

from events.models import Event
from tests.events.importing.conftest import conference


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": None}, "There is no title."),
        ({"name": "   "}, "There is no title."),
        ({"name": "x" * 201}, "title is longer than 200 characters."),
        ({"name": "a\0b"}, "title holds a NUL byte."),
        ({"name": "a\ud800b"}, "title holds a control character (U+D800)."),
        ({"name": "a\x1b[31mb"}, "title holds a control character (U+001B)."),
        ({"name": ["a"]}, "title is not text."),
        ({"name": True}, "title is not text."),
        ({"startDate": None}, "There is no start date."),
        ({"startDate": "soon"}, "start “soon” is not a date"),
        ({"startDate": "15.04.2026"}, "start “15.04.2026” is not a date"),
        ({"startDate": "2026-02-30"}, "start “2026-02-30” is not a date"),
        ({"startDate": "0001-01-01"}, "The year 1 is not between 1900 and 2199."),
        ({"endDate": "9999-12-31"}, "The year 9999 is not between"),
        ({"endDate": "2026-04-14"}, "The end (2026-04-14) comes before the start (2026-04-15)."),
        ({"url": "javascript:alert(1)"}, "does not begin with http:// or https://"),
        ({"url": "data:text/html,hello"}, "does not begin with http:// or https://"),
        ({"url": "example.org"}, "does not begin with http:// or https://"),
        ({"url": "https://example.org/" + "a" * 500}, "website is longer than 500 characters."),
        ({"lat": 91, "lon": 0}, "are not on Earth."),
        ({"lat": 52.5}, "both a latitude and a longitude"),
        ({"lat": "north", "lon": 0}, "latitude “north” is not a number."),
        ({"lat": float("nan"), "lon": 0}, "latitude “nan” is not a number."),
        ({"lat": float("inf"), "lon": 0}, "latitude “inf” is not a number."),
        ({"country": "Wakanda"}, "The country “Wakanda” is unknown."),
        ({"city": "Nowhereville", "country": None}, "give its country."),
        ({"city": "?!", "country": "Greece"}, "The city has no name"),
        ({"city": "x" * 101, "country": "Greece"}, "longer than 100 characters."),
        ({"timezone": "Mars/Olympus"}, "The time zone “Mars/Olympus” is unknown."),
        ({"status": "maybe"}, "The status “maybe” is unknown."),
        ({"online": "perhaps"}, "online is “perhaps”, neither yes nor no."),
        ({"venue": "x" * 201}, "venue is longer than 200 characters."),
        ({"address": "x" * 301}, "address is longer than 300 characters."),
        ({"description": "x" * 50_001}, "description is longer than 50000 characters."),
        ({"host": "x" * 121}, "host is longer than 120 characters."),
        ({"topics": ["x" * 61]}, "topics is longer than 60 characters."),
        ({"topics": [{"a": 1}]}, "topics is not text."),
        ({"locales": ",".join("abcdefghijklmnopqrstuvwxyzabcdefghi")}, "languages are longer"),
    ],
)
def test_row_is_refused_with_its_reason(refusal, changes, reason):
    assert reason in refusal(conference(**changes))


def test_line_is_where_the_object_begins_in_the_file(import_file):
    text = (
        '[\n\n  {"name": "A", "url": "https://a.example.org", "startDate": "2026-04-15",\n'
        '   "online": true, "topics": []},\n\n\n'
        '  {"name": "B",\n "topics": []}, "C",\n {"name": "D"}\n]\n'
    )

    output = import_file(text)

    assert "line 7: “B”: refused" in output
    assert "line 8: refused: Not an object with named fields." in output
    assert "line 9: “D”: refused" in output
    assert Event.objects.get().title == "A"


def test_second_row_with_the_same_identity_is_refused(import_file):
    output = import_file([conference(), conference(name="Another name")])

    assert "refused: The same event (UID) stands on line 2." in output
    assert Event.objects.get().title == "DjangoCon Europe"


def test_second_row_with_the_same_identity_is_refused_on_the_same_line_too(import_file):
    row = '{"name": "A", "url": "https://a.example.org", "startDate": "2026-04-15", "online": true}'

    assert "1 created, 0 updated, 0 unchanged, 1 refused" in import_file(f"[{row}, {row}]")


def test_row_that_only_the_database_refuses_does_not_lose_its_batch(import_file):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE events_event ADD CHECK (title <> 'Bad')")
    rows = [conference(url=f"https://example.org/{number}") for number in range(4)]
    rows[2]["name"] = "Bad"

    output = import_file(rows)

    assert "“Bad”: refused: The database refuses it: new row" in output
    assert "3 created, 0 updated, 0 unchanged, 1 refused" in output
    assert Event.objects.count() == 3


def test_report_does_not_steer_the_terminal(import_file):
    output = import_file([conference(), conference(name="\x1b[2Jx")])

    assert "\x1b" not in output
