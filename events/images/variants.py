"""A picture in the widths and formats that browsers choose from (``srcset``).

Each is a file beside the picture, named after it. A storage that makes them by itself has none.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from eventmate.picture_storage import TransformingStorage

# From a card on a phone to a wide screen of high density.
WIDTHS = (320, 640, 960, 1280, 1920)


@dataclass(frozen=True, slots=True)
class Format:
    suffix: str
    media_type: str
    options: dict[str, int]


# The browser takes the first that it knows. One thread: the machine has more to do.
FORMATS = (
    Format("avif", "image/avif", {"quality": 58, "speed": 6, "max_threads": 1}),
    Format("webp", "image/webp", {"quality": 78, "method": 4}),
)


@dataclass(frozen=True, slots=True)
class Source:
    """What a <source> says; the media type is empty where the server chooses it."""

    media_type: str
    srcset: str


def widths_for(width: int) -> list[int]:
    """In which a picture of this width is shown: never more of them than it has."""
    widest = min(width, WIDTHS[-1])
    return [*(smaller for smaller in WIDTHS if smaller < widest), widest]


def stem_of(name: str) -> str:
    """What the names of a picture and of its sizes have in common."""
    return name.partition(".")[0]


def variant_name(name: str, width: int, suffix: str) -> str:
    return f"{name.rpartition('.')[0]}-{width}.{suffix}"


def files_of(name: str, widths: Iterable[int]) -> list[str]:
    """All that the storage has of a picture."""
    if isinstance(default_storage, TransformingStorage):
        return [name]
    return [name] + [variant_name(name, width, kind.suffix) for width in widths for kind in FORMATS]


def sources_of(name: str, widths: Sequence[int], *, most: int = WIDTHS[-1]) -> list[Source]:
    """The best format first; no wider than ``most`` if the picture has smaller ones."""
    shown = [width for width in widths if width <= most] or list(widths[:1])
    if not shown:
        return []
    if isinstance(default_storage, TransformingStorage):
        urls = [(default_storage.transformed_url(name, width), width) for width in shown]
        return [Source("", _srcset(urls))]
    return [
        Source(
            kind.media_type,
            _srcset(
                (default_storage.url(variant_name(name, width, kind.suffix)), width)
                for width in shown
            ),
        )
        for kind in FORMATS
    ]


def write_variants(name: str) -> list[int]:
    """Make the files of a picture in each width and format; what is there already is written anew.
    Returns the widths. Raises what the storage or Pillow have against it.
    """
    if isinstance(default_storage, TransformingStorage):
        raise TypeError("This storage makes them by itself.")
    with default_storage.open(name) as file, Image.open(file, formats=["JPEG"]) as picture:
        widths = widths_for(picture.width)
        for width in widths:
            size = (width, max(1, round(picture.height * width / picture.width)))
            smaller = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
            for kind in FORMATS:
                _write(variant_name(name, width, kind.suffix), smaller, kind)
    return widths


def _write(name: str, image: Image.Image, kind: Format) -> None:
    content = io.BytesIO()
    image.save(content, kind.suffix.upper(), **kind.options)
    default_storage.delete(name)
    default_storage.save(name, ContentFile(content.getvalue()))


def _srcset(urls: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{url} {width}w" for url, width in urls)
