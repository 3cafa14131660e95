"""From what somebody sends as a picture to one that is safe to show.

Nothing of a file is believed but what Pillow finds in it. All that is kept are its pixels: a new
JPEG is made of them, so that where it was taken, by whom and what else was hidden in it is gone.
"""

import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

# As phones, cameras and drawing programs write them; Pillow tells them apart by their content.
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
MOST_BYTES = 15 * 2**20
# Of which each takes four bytes while a picture is read.
MOST_PIXELS = 50_000_000
# Pixels of the longer side of what is kept: enough for a wide screen of high density.
LONGEST_SIDE = 2400
QUALITY = 88

# What Pillow's readers raise for files that are broken, or made to break them.
UNREADABLE = (
    *(OSError, SyntaxError, ValueError, EOFError, RuntimeError, ArithmeticError),
    *(LookupError, TypeError, struct.error, zlib.error),
)
TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class PictureRefusedError(Exception):
    """The message tells a person what is wrong with the picture."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG that holds nothing but the picture, with its size in pixels."""

    content: bytes
    width: int
    height: int


def read_picture(data: bytes) -> Picture:
    """The picture upright, in sRGB, on white where it was transparent, and no larger than
    LONGEST_SIDE; of an animation, its first frame. Raises PictureRefusedError.
    """
    if len(data) > MOST_BYTES:
        raise PictureRefusedError(f"It has more than {MOST_BYTES // 2**20} MB.")
    try:
        with _open(data) as image:
            picture = _only_pixels(image)
    except TOO_LARGE as error:
        raise _too_many_pixels() from error
    except UNREADABLE as error:
        raise PictureRefusedError("It is broken, or breaks off.") from error
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Picture(file.getvalue(), *picture.size)


def _open(data: bytes) -> Image.Image:
    """Its head alone is read here: the size is known before a pixel takes memory."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except TOO_LARGE as error:
        raise _too_many_pixels() from error
    except UNREADABLE as error:
        raise PictureRefusedError(
            "It is not a JPEG, PNG, WebP, AVIF or GIF picture, whatever its name says."
        ) from error
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()
    return image


def _too_many_pixels() -> PictureRefusedError:
    return PictureRefusedError(f"It has more than {MOST_PIXELS // 1_000_000} million pixels.")


def _only_pixels(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    image = _in_mode_to_resize(image)
    # A JPEG is decoded at a fraction of its size where that is enough.
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    image = _in_srgb(ImageOps.exif_transpose(image), profile)
    clean = Image.new("RGB", image.size, "white")
    if image.mode == "RGBA":
        clean.paste(image, mask=image.getchannel("A"))
    else:
        clean.paste(image)
    return clean


def _in_mode_to_resize(image: Image.Image) -> Image.Image:
    if image.has_transparency_data and image.mode != "RGBA":
        return image.convert("RGBA")
    if image.mode in ("RGB", "RGBA", "L", "CMYK"):
        return image
    return image.convert("L" if image.mode.startswith(("1", "I;16")) else "RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """In the colours that its profile means, where it has one that can be read."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile and image.mode != "L":
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode=mode
            )
        except (ImageCms.PyCMSError, OSError):  # browsers ignore it as well
            return image.convert(mode)
        if converted is not None:
            return converted
    return image.convert(mode)
