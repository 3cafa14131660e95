"""manage.py import_attendees."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bookings.models import Booking
from tests.bookings.importing.files import attendees, file_of
from tests.factories import TicketTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def slug() -> str:
    return str(TicketTypeFactory(price=10).event.slug)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "guests.csv"


def run(*arguments: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_attendees", *map(str, arguments), stdout=out, stderr=err)
    except CommandError as error:
        err.write(str(error))
    return out.getvalue(), err.getvalue()


def test_says_how_many_came(slug: str, file: Path) -> None:
    file.write_bytes(file_of(attendees(3)))

    out, err = run(slug, file, "--free")

    assert "3 attendees were added." in out
    assert err == ""
    assert {booking.total for booking in Booking.objects.all()} == {0}


def test_says_what_is_wrong_with_which_line(slug: str, file: Path) -> None:
    file.write_bytes(file_of([*attendees(1), "A\x1b[31m,a@example.com,P\x1b[31mit"]))

    _, err = run(slug, file)

    assert "line 3: There is a control character in the name.\n" in err
    assert "Nobody was added." in err
    assert "\x1b" not in err
    assert not Booking.objects.exists()


def test_stops_after_fifty_of_them(slug: str, file: Path) -> None:
    file.write_bytes(file_of(["Ada,x,Standard"] * 60))

    _, err = run(slug, file)

    assert err.count("not an e-mail address") == 50
    assert "... and 10 lines more" in err


def test_knows_neither_other_events_nor_files(slug: str, file: Path) -> None:
    assert "There is no event elsewhere." in run("elsewhere", file)[1]
    assert "cannot be read: No such file" in run(slug, file)[1]


def test_takes_a_file_once(slug: str, file: Path) -> None:
    file.write_bytes(file_of(attendees(1)))
    run(slug, file)

    assert "was imported before" in run(slug, file)[1]
