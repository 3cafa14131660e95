"""Pictures as people send them, and as nobody should."""

import io
import struct
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

CAMERA = "Leica M10"
ORIENTATION, MODEL, GPS = 0x0112, 0x0110, 0x8825
TURNED_RIGHT = 6


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def picture(width: int = 400, height: int = 300, kind: str = "JPEG", colour: str = "teal") -> bytes:
    return encoded(Image.new("RGB", (width, height), colour), kind)


def upload(content: bytes, name: str = "stage.jpg") -> SimpleUploadedFile:
    """What the browser says of its type is the name's."""
    return SimpleUploadedFile(name, content, "image/jpeg")


def photograph(width: int = 400, height: int = 300) -> bytes:
    """Red above, blue below for whoever heeds its EXIF, which tells the place too."""
    upright = Image.new("RGB", (height, width), "red")
    upright.paste("blue", (0, width // 2, height, width))
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    exif[MODEL] = CAMERA
    exif[GPS] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    return encoded(lying, exif=exif, comment=b"Our address: 1 Torstrasse", quality=95)


def bomb(side: int = 50_000) -> bytes:
    """A PNG of a few bytes that says to be much larger."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(100_000), 9)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def read_back(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def run_jobs(name: str = "") -> None:
    """Those about images that are queued, in their order."""
    names = [name] if name else ["events.make_image_sizes", "events.remove_image_files"]
    for job in ProcrastinateJob.objects.filter(task_name__in=names).order_by("pk"):
        app.tasks[job.task_name](**job.args)
