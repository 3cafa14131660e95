import time

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from events.images.reading import (
    LONGEST_SIDE,
    MOST_BYTES,
    PictureRefusedError,
    read_picture,
)
from tests.events.images.pictures import (
    CAMERA,
    GPS,
    ORIENTATION,
    bomb,
    encoded,
    photograph,
    picture,
    read_back,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><title>x</title><script>alert(1)</script>"


def is_near(colour: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(one - two) < 12 for one, two in zip(colour, other, strict=True))


def test_photograph_is_turned_upright_and_tells_neither_place_nor_camera() -> None:
    sent = photograph()
    exif = read_back(sent).getexif()
    assert exif.get_ifd(GPS)
    assert ORIENTATION in exif
    assert CAMERA.encode() in sent

    read = read_picture(sent)

    kept = read_back(read.content)
    assert (read.width, read.height) == kept.size == (300, 400)
    assert is_near(kept.getpixel((150, 20)), (255, 0, 0))
    assert is_near(kept.getpixel((150, 380)), (0, 0, 255))
    assert not kept.getexif()
    assert not {"exif", "comment", "icc_profile", "xmp"} & kept.info.keys()
    assert CAMERA.encode() not in read.content
    assert b"Torstrasse" not in read.content


def test_what_is_appended_or_written_into_a_picture_is_gone() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "secret-in-a-chunk")
    png = encoded(Image.new("RGB", (30, 20)), "PNG", pnginfo=notes)

    for sent in (png, picture() + b"secret-at-the-end" + HTML):
        assert b"secret" in sent
        assert b"secret" not in read_picture(sent).content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_each_kind_becomes_a_jpeg(kind: str) -> None:
    read = read_picture(picture(kind=kind))

    kept = read_back(read.content)
    assert kept.format == "JPEG"
    assert is_near(kept.getpixel((200, 150)), (0, 128, 128))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_pictures_of_all_modes_keep_their_light(mode: str) -> None:
    kind = {"CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "PNG")
    white = Image.new("L", (40, 30), 255)
    image = Image.new("I;16", (40, 30), 65_535) if mode == "I;16" else white.convert(mode)

    kept = read_back(read_picture(encoded(image, kind)).content)

    assert is_near(kept.getpixel((20, 15)), (255, 255, 255))


def test_transparency_becomes_white() -> None:
    clear = encoded(Image.new("RGBA", (40, 30), (0, 0, 0, 0)), "PNG")

    assert is_near(read_back(read_picture(clear).content).getpixel((5, 5)), (255, 255, 255))


def test_colours_are_those_that_the_profile_means() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.new("RGB", (40, 30), "teal")

    for profile in (lab, b"no profile at all"):
        kept = read_back(read_picture(encoded(image, icc_profile=profile)).content)
        assert is_near(kept.getpixel((5, 5)), (0, 128, 128))


def test_large_picture_is_made_smaller_and_a_small_one_is_left() -> None:
    large = read_picture(picture(4800, 1200))
    small = read_picture(picture(40, 20))

    assert (large.width, large.height) == (LONGEST_SIDE, LONGEST_SIDE // 4)
    assert (small.width, small.height) == (40, 20)


def test_bomb_is_refused_before_it_takes_memory_or_time() -> None:
    sent = bomb()
    assert len(sent) < 1000

    began = time.process_time()
    with pytest.raises(PictureRefusedError, match="50 million pixels"):
        read_picture(sent)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("side", [8_000, 12_000, 100_000])
def test_pixels_are_counted_below_and_above_what_pillow_itself_warns_of(side: int) -> None:
    with pytest.raises(PictureRefusedError, match="50 million pixels"):
        read_picture(bomb(side))


def test_picture_that_says_to_be_larger_than_it_is_is_refused_as_broken() -> None:
    with pytest.raises(PictureRefusedError, match="broken"):
        read_picture(bomb(3_000))


@pytest.mark.parametrize("sent", [SVG, HTML, b"", b"\xff\xd8\xff", b"GIF89a", b"%PDF-1.7"])
def test_what_is_no_picture_is_refused_whatever_its_name(sent: bytes) -> None:
    with pytest.raises(PictureRefusedError, match="not a JPEG"):
        read_picture(sent)


@pytest.mark.parametrize("kind", ["TIFF", "BMP", "ICO", "PPM"])
def test_kinds_that_nobody_needs_are_refused_for_their_readers_are_little_used(kind: str) -> None:
    with pytest.raises(PictureRefusedError, match="not a JPEG"):
        read_picture(picture(32, 32, kind))


def test_file_that_is_too_large_is_not_looked_at() -> None:
    with pytest.raises(PictureRefusedError, match="15 MB"):
        read_picture(picture() + bytes(MOST_BYTES))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_broken_files_are_refused_or_read_and_raise_nothing_else(kind: str) -> None:
    sent = encoded(Image.effect_noise((64, 64), 80).convert("RGB"), kind)
    read_picture(sent)
    broken = [sent[: len(sent) * part // 12] for part in range(1, 12)]
    broken += [
        sent[:place] + bytes([sent[place] ^ 0xFF]) + sent[place + 1 :]
        for place in range(0, len(sent), max(1, len(sent) // 150))
    ]

    refused = 0
    for content in broken:
        try:
            read_picture(content)
        except PictureRefusedError:
            refused += 1

    assert refused >= 3
