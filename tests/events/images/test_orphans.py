import datetime as dt
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from events.images.orphans import LEAST_AGE, remove_orphans
from events.models import Event
from events.services.copying import copy_set_up
from events.services.images import add_image
from tests.events.images.pictures import picture, run_jobs, upload
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db

STRAY = "events/7/0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def disk(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    return tmp_path


def files(disk: Path) -> set[str]:
    return {str(path.relative_to(disk)) for path in disk.rglob("*") if path.is_file()}


def write(disk: Path, name: str) -> None:
    (disk / name).parent.mkdir(parents=True, exist_ok=True)
    (disk / name).write_bytes(b"picture")


def days_pass(disk: Path, age: dt.timedelta = 2 * LEAST_AGE) -> None:
    then = time.time() - age.total_seconds()
    for name in files(disk):
        os.utime(disk / name, (then, then))


def test_files_without_a_row_go_and_those_with_one_stay(disk: Path) -> None:
    add_image(event=EventFactory(), file=upload(picture()))
    run_jobs()
    known = files(disk)
    for suffix in (".jpg", "-320.avif", "-640.webp"):
        write(disk, STRAY + suffix)
    days_pass(disk)

    assert remove_orphans() == 3
    assert files(disk) == known
    assert remove_orphans() == 0


def test_files_of_a_deleted_event_go(disk: Path) -> None:
    event = EventFactory()
    add_image(event=event, file=upload(picture()))
    run_jobs()
    event.delete()
    days_pass(disk)

    assert remove_orphans() == len(["jpg", "320", "320", "400", "400"])
    assert files(disk) == set()


def test_files_of_a_deleted_event_stay_while_its_copy_shows_them(disk: Path) -> None:
    event = EventFactory()
    add_image(event=event, file=upload(picture()))
    run_jobs()
    copy: Event = EventFactory()
    copy_set_up(event=event, copies=[copy])
    event.delete()
    known = files(disk)
    days_pass(disk)

    assert remove_orphans() == 0
    assert files(disk) == known
    copy.delete()
    assert remove_orphans() == len(known)


def test_young_file_stays_for_its_row_may_come(disk: Path) -> None:
    write(disk, f"{STRAY}.jpg")

    assert remove_orphans() == 0
    days_pass(disk)
    assert remove_orphans() == 1


def test_what_is_named_otherwise_is_left_alone(disk: Path) -> None:
    for name in ("events/7/notes.txt", "hosts/7/0123.jpg", "events/readme.md"):
        write(disk, name)
    days_pass(disk)

    assert remove_orphans() == 0
    assert len(files(disk)) == 3


def test_no_folder_yet_is_no_error() -> None:
    assert not default_storage.exists("events")

    assert remove_orphans() == 0
