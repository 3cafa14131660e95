"""The files of public events that lie beside the repository."""

import datetime as dt

import pytest
from django.utils import timezone

from events.models import City, Event
from tests.events.importing.test_again import all_rows

FILES = [
    ("conferences.json", 6008, 0),
    ("ruby-events.json", 713, 82),
    ("python-events.ics", 78, 0),
]


@pytest.mark.parametrize(("name", "taken", "refused"), FILES)
def test_file_is_imported_once_and_for_all(shared_data, import_file, name, taken, refused):
    content = (shared_data / name).read_bytes()

    first = import_file(content)
    assert f"{taken} created, 0 updated, 0 unchanged, {refused} refused" in first
    assert Event.objects.count() == taken
    before = all_rows()

    second = import_file(content)
    assert f"0 created, 0 updated, {taken} unchanged, {refused} refused" in second
    assert all_rows() == before


def test_every_event_of_the_three_files_would_pass_the_admin_s_checks(shared_data, import_file):
    for name, _taken, _refused in FILES:
        import_file((shared_data / name).read_bytes())

    for event in Event.objects.select_related("city", "category", "host"):
        event.clean_fields(exclude=["description"])
    for city in City.objects.all():
        city.clean_fields()


@pytest.mark.parametrize(("name", "taken", "refused"), FILES)
def test_file_can_be_moved_to_the_coming_year(shared_data, import_file, name, taken, refused):
    import_file((shared_data / name).read_bytes(), "--as-upcoming")

    now = timezone.now()
    assert not Event.objects.filter(ends_at__lte=now).exists()
    moved = Event.objects.filter(description__contains="Moved for a demonstration")
    assert moved.count() > 0.9 * taken
    assert not moved.filter(starts_at__lte=now).exists()
    assert not moved.filter(starts_at__gt=now + dt.timedelta(days=366)).exists()


def test_rows_of_ruby_events_without_a_date_are_refused_with_that_reason(shared_data, import_file):
    output = import_file((shared_data / "ruby-events.json").read_bytes())

    refusals = [line for line in output.splitlines() if "refused: " in line]
    assert sum("There is no start date." in line for line in refusals) == 78
    assert sum("comes before the start" in line for line in refusals) == 4
