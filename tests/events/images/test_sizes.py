"""What the jobs make of a picture, on a disk."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from PIL import Image

from events.images.orphans import queue_forgotten_sizes
from events.images.variants import WIDTHS
from events.models import EventImage, ImageState
from events.services.images import add_image, remove_image
from tests.events.images.pictures import photograph, picture, run_jobs, upload
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def disk(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    assert isinstance(default_storage, FileSystemStorage)
    return tmp_path


def files(disk: Path) -> set[str]:
    return {str(path.relative_to(disk)) for path in disk.rglob("*") if path.is_file()}


def added(width: int = 1000, height: int = 500) -> EventImage:
    return add_image(event=EventFactory(), file=upload(picture(width, height)))


def test_sizes_are_made_by_the_job_in_each_width_below_the_picture_s(disk: Path) -> None:
    image = added()
    assert image.state == ImageState.QUEUED
    assert files(disk) == {image.image.name}

    run_jobs()

    image.refresh_from_db()
    assert (image.state, image.widths) == (ImageState.READY, [320, 640, 960, 1000])
    stem = image.image.name.removesuffix(".jpg")
    sizes = {f"{stem}-{width}.{kind}" for width in image.widths for kind in ("avif", "webp")}
    assert files(disk) == sizes | {image.image.name}
    for name in sizes:
        with Image.open(disk / name) as made:
            assert made.format == name[-4:].upper()
            assert made.size[0] == int(name[:-5].rpartition("-")[2])
            assert abs(made.size[0] / made.size[1] - 2) < 0.02


def test_no_size_is_wider_than_a_screen_needs() -> None:
    image = added(2600, 1300)

    run_jobs()

    image.refresh_from_db()
    assert (image.width, image.widths) == (2400, list(WIDTHS))


def test_job_that_runs_twice_leaves_the_same_files(disk: Path) -> None:
    image = added()
    run_jobs()
    made = files(disk)
    EventImage.objects.update(state=ImageState.QUEUED)

    run_jobs()

    image.refresh_from_db()
    assert image.state == ImageState.READY
    assert files(disk) == made


def test_files_of_a_removed_picture_go_with_all_sizes(disk: Path) -> None:
    image = added()
    run_jobs()
    kept = added()
    remove_image(image=image)
    assert len(files(disk)) > 2

    run_jobs("events.remove_image_files")

    assert files(disk) == {kept.image.name}
    remove_image(image=image)


def test_picture_whose_file_is_gone_or_broken_is_not_tried_for_ever(disk: Path) -> None:
    gone, broken = added(), added()
    (disk / gone.image.name).unlink()
    (disk / broken.image.name).write_bytes(b"\xff\xd8 no more")

    run_jobs()

    assert set(EventImage.objects.values_list("state", flat=True)) == {ImageState.FAILED}
    assert queue_forgotten_sizes() == 0


def test_forgotten_pictures_are_queued_once() -> None:
    image = EventImage.objects.create(
        event=EventFactory(), image=ContentFile(picture(), "old.jpg"), alt_text="From before"
    )

    assert queue_forgotten_sizes() == 1
    assert queue_forgotten_sizes() == 0
    run_jobs()

    image.refresh_from_db()
    assert image.state == ImageState.READY


def test_pictures_from_before_lose_what_is_hidden_in_them(disk: Path) -> None:
    image = EventImage.objects.create(
        event=EventFactory(), image=ContentFile(photograph(), "old.jpg"), alt_text="From before"
    )
    before = image.image.name
    queue_forgotten_sizes()

    run_jobs()

    image.refresh_from_db()
    assert image.image.name != before
    assert (image.width, image.height) == (300, 400)
    with Image.open(disk / image.image.name) as kept:
        assert not kept.getexif()


def test_sizes_that_come_after_the_picture_was_removed_are_removed(
    disk: Path, settings: Any
) -> None:
    added()
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": f"{__name__}.{RemovingStorage.__name__}"}
    }
    run_jobs("events.make_image_sizes")
    assert len(files(disk)) > 2

    run_jobs("events.remove_image_files")

    assert files(disk) == set()


class RemovingStorage(FileSystemStorage):
    """Somebody removes all pictures while their sizes are written."""

    def save(self, name: Any, content: Any, max_length: int | None = None) -> str:
        EventImage.objects.all().delete()
        return super().save(name, content, max_length)
