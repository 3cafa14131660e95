"""Which format a file has, and files that are none."""

import codecs
import json

import pytest
from django.core.management import CommandError, call_command

from events.models import Event
from tests.events.importing.conftest import calendar, conference

CSV = "title,start,city,country\nCafé,2026-12-04,Berlin,Germany\n"


@pytest.mark.parametrize("name", ["events.csv", "events.json", "events.ics", "events"])
@pytest.mark.parametrize(
    ("content", "file_format"),
    [(CSV, "CSV"), (json.dumps([conference()]), "JSON"), (calendar(""), "iCalendar")],
)
def test_content_tells_the_format_whatever_the_name(import_file, content, file_format, name):
    output = import_file(content, name=name)

    assert f"{file_format}, 1 rows: 1 created" in output


@pytest.mark.parametrize(
    "text",
    [
        '{"events": [%s, %s]}',
        '{"version": {"a": [1]}, "events": [%s, %s], "more": 1}',
        "%s\n%s\n",
        "\n [ %s , %s ] \n",
    ],
)
def test_json_may_hold_its_events_in_several_ways(import_file, text):
    rows = (json.dumps(conference(url=f"https://example.org/{number}")) for number in range(2))

    assert "JSON, 2 rows: 2 created" in import_file(text % tuple(rows))


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + CSV.encode(),
        CSV.encode("utf-16"),
        codecs.BOM_UTF8 + json.dumps([conference(name="Café")]).encode(),
    ],
)
def test_byte_order_mark_tells_the_encoding(imported, content):
    assert imported(content).title == "Café"


def test_other_encodings_can_be_given(imported):
    assert imported(CSV.encode("cp1252"), "--encoding", "cp1252").title == "Café"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b" \n", "The file is empty."),
        (CSV.encode("cp1252"), "Line 2 is not UTF-8 (byte 0xe9). Give the file's own"),
        (codecs.BOM_UTF16_LE + b"a", "is not UTF-16"),
        (b'[{"name": "A"},\n {"name": }]', "Not valid JSON: line 2, column 11"),
        (b'[{"name": "A"}\n {"name": "B"}]', "Not valid JSON: line 2, column 2: “,” is missing."),
        (b'[{"name": "A"}', "Not valid JSON: line 1, column 15"),
        (b'[{"name": "A"}] []', "something follows the list"),
        (b'{"events": [{"name": "A"}', "Not valid JSON"),
        (b"[" * 100_000, "Not valid JSON"),
        (b"[" + b"9" * 5000 + b"]", "Not valid JSON"),
        (b"Hello there", "Neither iCalendar nor JSON, and no CSV"),
        (b"name,city\nA,Berlin", "missing: start"),
        (b"\x00\x01\x02", "Neither iCalendar nor JSON"),
        (b"<html></html>", "Neither iCalendar nor JSON"),
    ],
)
def test_file_that_is_none_is_one_clear_error(import_file, content, reason):
    with pytest.raises(CommandError) as error:
        import_file(content)

    assert reason in str(error.value)
    assert error.value.returncode == 1
    assert not Event.objects.exists()


def test_error_in_the_last_row_of_json_keeps_all_out(import_file):
    text = json.dumps([conference()])[:-1] + ", oops]"

    with pytest.raises(CommandError, match="Not valid JSON"):
        import_file(text)

    assert not Event.objects.exists()


def test_file_that_is_not_there(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_events", str(tmp_path / "missing.json"))


def test_file_without_rows_is_no_error(import_file):
    assert "JSON, 0 rows" in import_file("[]")


def test_file_of_refused_rows_only_fails(import_file):
    with pytest.raises(CommandError, match="Not one row could be taken"):
        import_file([conference(name=None)])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--timezone", "Mars/Olympus"], "is not a time zone"),
        (["--city", "Nowhereville"], "No city is known"),
        (["--encoding", "klingon"], "is not an encoding"),
        (["--owner", "nobody@example.com"], "There is no account"),
        (["--host", "x" * 121], "host is longer than 120"),
    ],
)
def test_option_that_cannot_be_is_refused(import_file, arguments, reason):
    with pytest.raises(CommandError, match=reason):
        import_file([conference()], *arguments)
    assert not Event.objects.exists()
