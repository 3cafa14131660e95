import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from events.models import Event

ImportFile = Callable[..., str]


@pytest.fixture
def import_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], db: None) -> ImportFile:
    """Runs the command on a file with this content (text, bytes, or what JSON can hold) and
    returns what it said.
    """

    def run(content: Any, *arguments: str, name: str = "events") -> str:
        path = tmp_path / name
        if not isinstance(content, bytes):
            text = content if isinstance(content, str) else json.dumps(content, indent=0)
            content = text.encode()
        path.write_bytes(content)
        capsys.readouterr()
        call_command("import_events", str(path), *arguments)
        return capsys.readouterr().out

    return run


@pytest.fixture
def imported(import_file: ImportFile) -> Callable[..., Event]:
    """Imports a file of one event, and returns the event."""

    def run(content: Any, *arguments: str) -> Event:
        import_file(content, *arguments)
        return Event.objects.get()

    return run


@pytest.fixture
def refusal(import_file: ImportFile) -> Callable[..., str]:
    """Imports one good JSON row with this one, and returns the line that refuses this one."""

    def run(row: dict[str, Any], *arguments: str) -> str:
        output = import_file([row, conference(url="https://good.example.org")], *arguments)
        assert "1 created, 0 updated, 0 unchanged, 1 refused" in output
        return next(line for line in output.splitlines() if "refused: " in line)

    return run


def conference(**changes: Any) -> dict[str, Any]:
    """A row as conferences.json has them; a value of None leaves the field out."""
    row = {
        "name": "DjangoCon Europe",
        "url": "https://djangocon.example.org",
        "startDate": "2026-04-15",
        "endDate": "2026-04-17",
        "topics": ["python"],
        "city": "Athens",
        "country": "Greece",
    } | changes
    return {name: value for name, value in row.items() if value is not None}


def ruby_event(**changes: Any) -> dict[str, Any]:
    """A row as ruby-events.json has them."""
    return {
        "id": "wroclove-rb-2026",
        "title": "wroclove.rb 2026",
        "series": "wroclove-rb",
        "kind": "conference",
        "location": "Wrocław, Poland",
        "country_code": "PL",
        "lat": 51.1093,
        "lon": 17.0386,
        "timezone": "Europe/Warsaw",
        "start_date": "2026-04-17",
        "end_date": "2026-04-19",
        "first_start_time": "13:00",
        "last_end_time": "14:00",
        "status": None,
        "hybrid": None,
        "venue": "University of Wrocław",
        "venue_address": "plac Uniwersytecki 1, 50-137 Wrocław, Poland",
        "website": "https://wroclove.example.org",
        "tickets_url": "https://tickets.example.org/2026",
        "slug": "wroclove-rb-2026",
    } | changes


def calendar(*events: str, head: str = "") -> str:
    """A calendar of VEVENTs, each given by its lines; UID, title, start and place have defaults."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *head.split("\n")]
    defaults = {
        "UID": "UID:pycon@example.org",
        "SUMMARY": "SUMMARY:PyCon",
        "DTSTART": "DTSTART;VALUE=DATE:20260514",
        "LOCATION": "LOCATION:Berlin\\, Germany",
    }
    for event in events:
        given = event.strip().split("\n")
        names = {line.split(":")[0].split(";")[0] for line in given}
        missing = [line for name, line in defaults.items() if name not in names]
        lines += ["BEGIN:VEVENT", *missing, *given, "END:VEVENT"]
    return "\r\n".join([*filter(None, lines), "END:VCALENDAR", ""])
