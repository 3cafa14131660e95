"""What jobs find out by themselves: files that nothing knows of any more, and pictures that wait
for their sizes though nobody has asked for them.
"""

import datetime as dt
import re
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from eventmate.picture_storage import TransformingStorage
from events.images.preparing import make_sizes, queue_sizes
from events.images.variants import stem_of
from events.models import EventImage, ImageState

FOLDER = "events"
# A picture, or one of its sizes: events/models/image.py and variants.py name them.
NAME = re.compile(rf"(?P<stem>{FOLDER}/\d+/[0-9a-f]{{32}})(?:-\d+)?\.\w+")
# A row may be written a while after its file.
LEAST_AGE = dt.timedelta(hours=24)
# Names that are looked up at once.
BATCH_SIZE = 500
MOST_QUEUED = 500


def remove_orphans() -> int:
    """Remove the files of pictures that no row knows of: of events that were deleted, of pictures
    that were replaced, of uploads that failed half-way. Returns how many.
    """
    removed, names = 0, []
    for name in _old_files():
        names.append(name)
        if len(names) == BATCH_SIZE:
            removed += _remove_unknown(names)
            names = []
    return removed + _remove_unknown(names)


def queue_forgotten_sizes() -> int:
    """For pictures from the admin, and from before there were any sizes. Returns how many."""
    asked_for = ProcrastinateJob.objects.filter(
        task_name=make_sizes.name, status__in=("todo", "doing")
    ).values_list("args__image_id", flat=True)
    queued = EventImage.objects.filter(state=ImageState.QUEUED).exclude(pk__in=set(asked_for))
    images = list(queued.order_by("pk")[:MOST_QUEUED])
    queue_sizes(images)
    return len(images)


def _old_files() -> Iterator[str]:
    until = timezone.now() - LEAST_AGE
    if isinstance(default_storage, TransformingStorage):
        yield from default_storage.list_files(FOLDER, before=until)
        return
    for folder in _list(FOLDER)[0]:
        for file in _list(f"{FOLDER}/{folder}")[1]:
            name = f"{FOLDER}/{folder}/{file}"
            if default_storage.get_modified_time(name) < until:
                yield name


def _list(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:  # the first upload makes it
        return [], []


def _remove_unknown(names: list[str]) -> int:
    """What is named otherwise is not ours."""
    ours = [found for name in names if (found := NAME.fullmatch(name))]
    images = EventImage.objects.with_stems(found["stem"] for found in ours)
    known = {stem_of(image) for image in images.values_list("image", flat=True)}
    unknown = [found[0] for found in ours if found["stem"] not in known]
    for name in unknown:
        default_storage.delete(name)
    return len(unknown)
