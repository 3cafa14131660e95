"""The pictures of an event: adding, arranging, describing, removing."""

import hashlib
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Max

from eventmate.threads import run_in_thread
from events.exceptions import EventError, EventRefusal
from events.images.preparing import queue_removal, queue_sizes
from events.images.reading import MOST_BYTES, Picture, PictureRefusedError, read_picture
from events.models import Event, EventImage
from events.models.image import image_path

MOST_IMAGES = 20
# That a column of its kind takes.
LAST_POSITION = 2**15 - 1

# Seconds for the files of one form, and for waiting until others are read: a request has to end.
PATIENCE = 6.0
TOO_BUSY = "There was no time for it. Please send it once more."

logger = logging.getLogger(__name__)

# A large picture takes some hundred megabytes while it is read: one at a time in a process.
_reading = threading.Lock()


@dataclass(slots=True)
class Added:
    images: list[EventImage] = field(default_factory=list)
    # Names of files, and why they were not taken.
    refused: list[tuple[str, str]] = field(default_factory=list)


def add_images(*, event: Event, files: "Sequence[UploadedFile[Any]]") -> Added:
    """Take each of the files that is a picture, and say what is wrong with the others. For what
    there is no time any more, the first file aside, it can be sent once more.
    """
    added = Added()
    until = time.monotonic() + PATIENCE
    for number, file in enumerate(files):
        if number and time.monotonic() > until:
            added.refused.append((file.name or "A file", TOO_BUSY))
            continue
        try:
            added.images.append(add_image(event=event, file=file))
        except EventError as error:
            added.refused.append((file.name or "A file", str(error)))
    return added


def add_image(*, event: Event, file: "UploadedFile[Any]") -> EventImage:
    """Put a picture behind the event's others, and have its sizes made. One that is there already
    stays as it is, so that a form that is sent twice does no harm.

    Raises EventError: IMAGE_REFUSED, TOO_MANY_IMAGES or IMAGE_NOT_STORED.
    """
    digest = digest_of(file)
    if same := _find_or_refuse(event, digest):
        return same
    picture = read_upload(file)
    image = EventImage(event=event, width=picture.width, height=picture.height, digest=digest)
    image.image.name = _store(image, picture)
    with transaction.atomic():
        # Of two pictures that come at once, the second is counted after the first.
        Event.objects.select_for_update(no_key=True).get(pk=event.pk)
        if same := _find_or_refuse(event, digest):
            return same  # the file without a row is removed with all such files
        image.position = _last_position(event)
        image.save(force_insert=True)
        queue_sizes([image])
    return image


def digest_of(file: "UploadedFile[Any]") -> str:
    """What is the same for files with the same content. Raises EventError: IMAGE_REFUSED for one
    that is too large to be looked at.
    """
    if file.size is None or file.size > MOST_BYTES:
        raise EventError(EventRefusal.IMAGE_REFUSED, f"It has more than {MOST_BYTES // 2**20} MB.")
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def read_upload(file: "UploadedFile[Any]") -> Picture:
    """What is to be seen in it, and nothing else. Raises EventError: IMAGE_REFUSED, or
    IMAGE_NOT_STORED while too many others are being read.
    """
    _let_connection_go()
    file.seek(0)
    if not _reading.acquire(timeout=PATIENCE):
        raise EventError(EventRefusal.IMAGE_NOT_STORED, TOO_BUSY)
    try:
        return run_in_thread(read_picture, file.read())
    except PictureRefusedError as error:
        raise EventError(EventRefusal.IMAGE_REFUSED, str(error)) from error
    finally:
        _reading.release()


@transaction.atomic
def arrange_images(*, event: Event, order: Sequence[int], alt_texts: Mapping[int, str]) -> None:
    """Show the images in this order of their ids, and describe them so. Those that are not named,
    for somebody has added them meanwhile, come last and keep their descriptions.
    """
    images = list(event.images.select_for_update())
    places = {pk: place for place, pk in enumerate(order)}
    images.sort(key=lambda image: places.get(image.pk, len(places)))
    for position, image in enumerate(images):
        image.position = position
        image.alt_text = alt_texts.get(image.pk, image.alt_text)
    EventImage.objects.bulk_update(images, ["position", "alt_text"])


@transaction.atomic
def remove_image(*, image: EventImage) -> None:
    """With its files, shortly after. Removing it again does nothing."""
    removed = EventImage.objects.select_for_update().filter(pk=image.pk).first()
    if removed is not None:
        queue_removal(removed)
        removed.delete()


def _find_or_refuse(event: Event, digest: str) -> EventImage | None:
    """The same picture, where the event has it. Raises EventError: TOO_MANY_IMAGES."""
    same = event.images.filter(digest=digest).first()
    if same is None and event.images.count() >= MOST_IMAGES:
        raise EventError(
            EventRefusal.TOO_MANY_IMAGES,
            f"An event has {MOST_IMAGES} pictures at most. Delete one to add another.",
        )
    return same


def _last_position(event: Event) -> int:
    """Behind all others; admins can give any number."""
    last = event.images.aggregate(last=Max("position"))["last"]
    return 0 if last is None else min(last + 1, LAST_POSITION)


def _store(image: EventImage, picture: Picture) -> str:
    """Under a new name. It may be far away and slow, or full."""
    _let_connection_go()
    try:
        return default_storage.save(
            image_path(image, "picture.jpg"), ContentFile(picture.content, "picture.jpg")
        )
    except OSError as error:
        logger.exception("A picture of event %s could not be stored.", image.event_id)
        raise EventError(
            EventRefusal.IMAGE_NOT_STORED,
            "It could not be stored. Nothing is wrong with it: please try again in a minute.",
        ) from error


def _let_connection_go() -> None:
    """Others need it more while nothing is asked of the database; the next query takes one."""
    if not connection.in_atomic_block:
        connection.close()
