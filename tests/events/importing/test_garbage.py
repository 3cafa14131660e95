"""Whatever a file holds, the command reports; it never falls over."""

import contextlib
import json

import pytest
from django.core.management import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.events.importing.conftest import calendar, conference, ruby_event

pytestmark = pytest.mark.django_db

PROPERTIES = [
    *("DTSTART", "DTEND", "DURATION", "SUMMARY", "LOCATION", "GEO", "URL", "CATEGORIES"),
    *("ORGANIZER", "UID", "STATUS", "CLASS", "RRULE", "RECURRENCE-ID", "DESCRIPTION"),
    *("DTSTART;VALUE=DATE", "DTSTART;TZID=Europe/Berlin"),
]

anything = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
words = st.text(max_size=40)
values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), words, st.lists(words, max_size=3)
)
dates = st.one_of(st.dates().map(str), st.datetimes().map(str), st.times().map(str), words)


def survives(import_file, content):
    with contextlib.suppress(CommandError):
        import_file(content, "--dry-run")


@anything
@given(content=st.binary(max_size=300))
def test_any_bytes(import_file, content):
    survives(import_file, content)


@anything
@given(
    text=st.text(max_size=300),
    start=st.sampled_from(["[", "{", "title,start\n", "BEGIN:VCALENDAR\n", "BEGIN:VEVENT\n"]),
)
def test_any_text_after_a_sound_beginning(import_file, text, start):
    survives(import_file, (start + text).encode("utf-8", "surrogatepass"))


@anything
@given(
    changes=st.dictionaries(
        st.sampled_from([*conference(), *ruby_event(), "lat", "lon", "description", "twitter"]),
        st.one_of(values, dates),
        max_size=4,
    ),
    base=st.sampled_from([conference(), ruby_event()]),
)
def test_any_values_in_json(import_file, base, changes):
    survives(import_file, json.dumps([base | changes]))


@anything
@given(rows=st.lists(st.lists(st.one_of(words, dates), max_size=6), max_size=4))
def test_any_cells_in_csv(import_file, rows):
    lines = "\n".join(",".join(row) for row in rows)
    survives(import_file, f"title,start,end,city,url\n{lines}".encode("utf-8", "surrogatepass"))


@anything
@given(
    name=st.sampled_from(PROPERTIES),
    value=st.one_of(words, st.from_regex(r"[0-9]{8}(T[0-9]{6}Z?)?", fullmatch=True)),
)
def test_any_values_in_a_calendar(import_file, name, value):
    survives(import_file, calendar(f"{name}:{value}").encode("utf-8", "surrogatepass"))


@anything
@given(html=st.text(alphabet="<>/abip \"'=&;!-", max_size=200))
def test_any_markup_in_a_calendar(import_file, html):
    survives(import_file, calendar(f"DESCRIPTION:<b>{html}"))
