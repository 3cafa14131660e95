"""The jobs of a picture: making its sizes, and removing its files once it is gone."""

import hashlib
import logging

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import UnidentifiedImageError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from eventmate.jobs import defer_in_transaction
from eventmate.picture_storage import TransformingStorage
from events.images.reading import PictureRefusedError, read_picture
from events.images.variants import files_of, stem_of, widths_for, write_variants
from events.models import EventImage, ImageState
from events.models.image import image_path

logger = logging.getLogger(__name__)

# Behind all that somebody waits for, mail too (bookings/services/messages.py).
PRIORITY = -5
RETRIES = RetryStrategy(max_attempts=3, exponential_wait=5, retry_exceptions=[OSError])


def queue_sizes(images: list[EventImage]) -> None:
    """In the transaction that is open."""
    if images:
        jobs: list[dict[str, JSONValue]] = [{"image_id": image.pk} for image in images]
        defer_in_transaction(make_sizes, jobs, priority=PRIORITY)


def queue_removal(image: EventImage) -> None:
    """Of its files, in the transaction that removes its row."""
    names: list[JSONValue] = [*files_of(str(image.image), image.widths)]
    defer_in_transaction(remove_files, [{"names": names}], priority=PRIORITY)


@app.task(name="events.make_image_sizes", retry=RETRIES)
def make_sizes(image_id: int) -> None:
    """Make the sizes of a picture that waits for them. A second job for the same one makes the same
    files once more. Raises what the storage has against it: then the picture still waits, and is
    queued again (orphans.py).
    """
    image = EventImage.objects.filter(pk=image_id, state=ImageState.QUEUED).first()
    if image is None:
        return
    name = str(image.image)
    try:
        widths = _make_sizes(image)
    except (PictureRefusedError, UnidentifiedImageError, FileNotFoundError):
        logger.exception("The sizes of image %s cannot be made.", image_id)
        _write_down(image, name, state=ImageState.FAILED)
    else:
        _write_down(image, name, state=ImageState.READY, widths=widths)


@app.task(name="events.remove_image_files", retry=RETRIES)
def remove_files(names: list[str]) -> None:
    """Of one picture, its own file first. They stay while another picture has them."""
    if not EventImage.objects.with_stems([stem_of(names[0])]).exists():
        for name in names:
            default_storage.delete(name)


def _make_sizes(image: EventImage) -> list[int]:
    if isinstance(default_storage, TransformingStorage):
        return widths_for(image.width)
    if not image.digest:
        _read_anew(image)
    return write_variants(str(image.image))


def _read_anew(image: EventImage) -> None:
    """It came in before pictures were read. The file that it leaves has no row, and is removed with
    all such files (orphans.py).
    """
    with default_storage.open(str(image.image)) as file:
        data = file.read()
    picture = read_picture(data)
    name = default_storage.save(image_path(image, "picture.jpg"), ContentFile(picture.content))
    image.image.name = name
    image.width, image.height = picture.width, picture.height
    image.digest = hashlib.sha256(data).hexdigest()


def _write_down(
    image: EventImage, name: str, *, state: ImageState, widths: list[int] | None = None
) -> None:
    """For all pictures with this file. Where none is left, as they were removed or replaced
    meanwhile, the files go.
    """
    values = {
        "state": state,
        "widths": widths or [],
        "image": str(image.image),
        "width": image.width,
        "height": image.height,
        "digest": image.digest,
    }
    with transaction.atomic():
        if not EventImage.objects.with_stems([stem_of(name)]).update(**values):
            image.widths = widths or []
            queue_removal(image)
