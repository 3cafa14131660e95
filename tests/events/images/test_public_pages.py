"""How visitors see an event's pictures."""

import re

import pytest

from events.models import EventImage
from events.services.images import add_image
from tests.events.images.pictures import picture, run_jobs, upload
from tests.factories import EventFactory

pytestmark = pytest.mark.django_db


def pictures(event, *alt_texts):
    images = []
    for number, alt_text in enumerate(alt_texts):
        image = add_image(event=event, file=upload(picture(700, 400 + number)))
        EventImage.objects.filter(pk=image.pk).update(alt_text=alt_text)
        images.append(image)
    return images


def elements(client, path):
    return re.findall(r"<picture>.*?</picture>", client.get(path).content.decode(), re.S)


def test_detail_page_shows_all_pictures_with_sizes_and_descriptions(client):
    event = EventFactory()
    images = pictures(event, "The stage", "The bar", "")
    run_jobs()

    cover, *others = elements(client, event.get_absolute_url())

    assert len(others) == 2
    for image, element in zip(images, (cover, *others), strict=True):
        stem = image.image.url.removesuffix(".jpg")
        for kind in ("avif", "webp"):
            srcset = ", ".join(f"{stem}-{width}.{kind} {width}w" for width in (320, 640, 700))
            assert f'type="image/{kind}" srcset="{srcset}" sizes="' in element
        assert element.index("image/avif") < element.index("image/webp")
        assert f'src="{image.image.url}"' in element
        assert f'width="700" height="{image.height}"' in element
    assert 'alt="The stage"' in cover
    assert 'alt="The bar"' in others[0]
    assert 'alt="A picture of this event"' in others[1]
    assert "lazy" not in cover
    assert all('loading="lazy"' in element for element in others)


def test_picture_is_shown_as_it_came_until_its_sizes_are_made(client):
    event = EventFactory()
    [image] = pictures(event, "The stage")

    [cover] = elements(client, event.get_absolute_url())

    assert "<source" not in cover
    assert f'src="{image.image.url}" alt="The stage"' in cover


def test_cards_show_the_cover_in_small_sizes(client):
    event = EventFactory()
    first, _second = pictures(event, "The stage", "The bar")
    run_jobs()

    [card] = elements(client, "/events/")

    assert first.image.url.replace(".jpg", "-640.avif 640w") in card
    assert 'alt=""' in card
    assert 'loading="lazy"' in card


def test_card_without_a_picture_shows_the_drawn_cover(client):
    event = EventFactory()

    [card] = elements(client, "/events/")

    assert f'src="/covers/{event.category.slug}/{event.slug}.svg"' in card
    assert "srcset" not in card


def test_uploads_are_kept_by_browsers_for_they_never_change(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for name, media_type in (("a.jpg", "jpeg"), ("a-320.avif", "avif"), ("a-320.webp", "webp")):
        (tmp_path / name).write_bytes(b"picture")

        response = client.get(f"/media/{name}")

        assert response.headers["Content-Type"] == f"image/{media_type}"
        assert "immutable" in response.headers["Cache-Control"]
        response.close()
    assert client.get("/media/b.jpg").status_code == 404
