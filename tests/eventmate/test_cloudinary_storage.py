"""Uploads to Cloudinary, by a server that checks what it is sent."""

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.test import Client

from eventmate.cloudinary_storage import CloudinaryError, CloudinaryStorage
from eventmate.cloudinary_url import cloudinary_account, picture_sources
from eventmate.logs.privacy import scrub_text
from events.images.orphans import remove_orphans
from events.models import Event, ImageState
from tests.eventmate.cloudinary_server import CLOUD, KEY, SECRET, Account, cloudinary
from tests.events.images.pictures import photograph, picture, read_back, run_jobs, upload
from tests.factories import EventFactory

NAME = "events/12/0123456789abcdef0123456789abcdef.jpg"


@pytest.fixture
def account() -> Iterator[Account]:
    with cloudinary() as account:
        yield account


@pytest.fixture
def storage(account: Account) -> CloudinaryStorage:
    return CloudinaryStorage(**cloudinary_account(account.url()))


@pytest.fixture
def event(client: Client, account: Account, settings: Any) -> Event:
    """On a site whose pictures are on Cloudinary, and whose host makes the requests."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "eventmate.cloudinary_storage.CloudinaryStorage",
            "OPTIONS": cloudinary_account(account.url()),
        }
    }
    event: Event = EventFactory()
    client.force_login(event.host.owner)
    return event


def test_upload_is_signed_and_what_arrives_is_what_was_sent(
    account: Account, storage: CloudinaryStorage
) -> None:
    assert storage.save(NAME, ContentFile(b"picture \xff\x00")) == NAME

    assert account.files == {NAME.removesuffix(".jpg"): b"picture \xff\x00"}
    assert account.refused == []


def test_upload_with_a_wrong_secret_is_refused_and_not_quoted(account: Account) -> None:
    storage = CloudinaryStorage(**cloudinary_account(account.url(secret="wr0ng-one")))

    with pytest.raises(CloudinaryError, match="Invalid Signature") as refused:
        storage.save(NAME, ContentFile(b"picture"))

    assert account.files == {}
    assert "wr0ng-one" not in str(refused.value)


def test_removing_is_signed_and_harmless_when_nothing_is_there(
    account: Account, storage: CloudinaryStorage
) -> None:
    storage.save(NAME, ContentFile(b"picture"))

    storage.delete(NAME)
    storage.delete(NAME)

    assert account.files == {}
    assert account.refused == []


def test_old_files_are_listed_over_several_pages(storage: CloudinaryStorage) -> None:
    names = [f"events/12/{number}.jpg" for number in range(5)]
    for name in [*names, "hosts/1.jpg"]:
        storage.save(name, ContentFile(b"picture"))
    created = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)

    assert list(storage.list_files("events", before=created)) == []
    later = created + dt.timedelta(seconds=1)
    assert list(storage.list_files("events", before=later)) == names


@pytest.mark.parametrize("status", [400, 420, 500, 503])
def test_what_cloudinary_has_against_it_is_told(
    account: Account, storage: CloudinaryStorage, status: int
) -> None:
    account.fails_with = status

    with pytest.raises(CloudinaryError, match="being mended"):
        storage.save(NAME, ContentFile(b"picture"))


def test_address_of_a_size_is_signed(storage: CloudinaryStorage) -> None:
    plain, small = storage.url(NAME), storage.transformed_url(NAME, 640)

    assert plain == f"https://res.cloudinary.com/{CLOUD}/image/upload/v1/{NAME}"
    found = re.fullmatch(
        rf"https://res.cloudinary.com/{CLOUD}/image/upload/s--(.{{8}})--/(.+)/v1/(.+)", small
    )
    assert found
    assert set(found[2].split(",")) == {"c_limit", "f_auto", "q_auto", "w_640"}
    assert found[3] == NAME
    digest = hashlib.sha1(f"{found[2]}/{NAME}{SECRET}".encode()).digest()  # noqa: S324
    assert found[1] == base64.urlsafe_b64encode(digest).decode()[:8]
    assert SECRET not in plain + small


@pytest.mark.django_db
def test_site_sends_pictures_there_and_shows_sizes_that_cloudinary_makes(
    client: Client, account: Account, event: Event
) -> None:
    client.post(f"/hosting/{event.slug}/images/", {"do": "add", "images": [upload(photograph())]})
    run_jobs()

    image = event.images.get()
    assert (image.state, image.widths) == (ImageState.READY, [300])
    [(name, content)] = account.files.items()
    assert image.image.name == f"{name}.jpg"
    assert not read_back(content).getexif()
    page = client.get(event.get_absolute_url()).content.decode()
    assert f"/image/upload/v1/{name}.jpg" in page
    assert re.search(rf"<source\s+srcset=\"[^\"]+w_300/v1/{name}.jpg 300w\"", page)


@pytest.mark.django_db
def test_deleted_picture_is_removed_there(client: Client, account: Account, event: Event) -> None:
    page = f"/hosting/{event.slug}/images/"
    client.post(page, {"do": "add", "images": [upload(picture())]})
    client.post(f"{page}{event.images.get().pk}/delete/")

    run_jobs()

    assert account.files == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("event")
def test_files_without_a_row_are_removed_there(account: Account) -> None:
    account.files[NAME.removesuffix(".jpg")] = b"picture"

    assert remove_orphans() == 1
    assert account.files == {}


@pytest.mark.django_db
def test_host_is_told_when_it_cannot_be_stored_and_can_try_again(
    client: Client, account: Account, event: Event
) -> None:
    page, form = f"/hosting/{event.slug}/images/", {"do": "add", "images": [upload(picture())]}
    account.fails_with = 500

    response = client.post(page, form)

    assert response.status_code == 400
    assert "please try again in a minute" in response.content.decode()
    assert not event.images.exists()
    account.fails_with = 0
    assert client.post(page, form | {"images": [upload(picture())]}).status_code == 302


def test_address_of_the_account_is_read_with_its_options() -> None:
    url = f"cloudinary://{KEY}:a%2Fb@{CLOUD}?upload_prefix=https://api-eu.cloudinary.com"

    assert cloudinary_account(url) == {
        "cloud_name": CLOUD,
        "api_key": KEY,
        "api_secret": "a/b",
        "upload_prefix": "https://api-eu.cloudinary.com",
    }
    assert picture_sources(cloudinary_account(url)) == [f"https://res.cloudinary.com/{CLOUD}/"]


@pytest.mark.parametrize(
    "url",
    [
        "https://key:s3cr@cloud",
        "cloudinary://key:s3cr",
        "cloudinary://key@cloud",
        "cloudinary://key:s3cr@cloud/private.example.org",
        "cloudinary://key:s3cr@cloud?secure=false",
        "cloudinary://key:s3cr@cloud;script-src",
        "cloudinary://[",
    ],
)
def test_address_that_cannot_be_read_is_refused_and_its_secret_not_shown(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CLOUDINARY_URL is such as") as refused:
        cloudinary_account(url)

    assert "s3cr" not in str(refused.value)


def test_logs_do_not_keep_the_account(account: Account) -> None:
    assert SECRET not in scrub_text(f"Could not use {account.url()}")
