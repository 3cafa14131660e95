"""Pictures on Cloudinary: sent there by its signed upload, shown by its transformations."""

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from typing import Any

import cloudinary.api
import cloudinary.exceptions
import cloudinary.uploader
import cloudinary.utils
from django.core.files.base import File
from urllib3 import Timeout

from eventmate.picture_storage import TransformingStorage

# In seconds. The package tries four times to connect, and all that within REQUEST_DEADLINE.
PATIENCE = Timeout(connect=1, read=5)
PAGE_SIZE = 500


class CloudinaryError(OSError):
    """Cloudinary did not answer, or refused; the message says what it said."""


class CloudinaryStorage(TransformingStorage):
    """Names are those of the site, such as events/12/0f3a.jpg; without the suffix, they are public
    ids. Files are written, shown, listed and removed, but not read back.
    """

    def __init__(self, **account: str) -> None:
        """``cloud_name``, ``api_key``, ``api_secret``, and ``upload_prefix`` where it is another
        than Cloudinary's own. What the package has read from the environment is not used.
        """
        self._account = account

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # they are made up so that each is free

    def url(self, name: str | None) -> str:
        return _address(name or "", None, tuple(self._account.items()))

    def transformed_url(self, name: str, width: int) -> str:
        return _address(name, width, tuple(self._account.items()))

    def delete(self, name: str) -> None:
        """Also from its caches. One that is not there is no error."""
        self._ask(cloudinary.uploader.destroy, _public_id(name), invalidate=True)

    def list_files(self, folder: str, *, before: dt.datetime) -> Iterator[str]:
        cursor: dict[str, str] = {}
        while True:
            page = self._ask(
                cloudinary.api.resources,
                type="upload",
                prefix=f"{folder}/",
                max_results=PAGE_SIZE,
                **cursor,
            )
            for found in page["resources"]:
                if dt.datetime.fromisoformat(found["created_at"]) < before:
                    yield f"{found['public_id']}.{found['format']}"
            if "next_cursor" not in page:
                return
            cursor = {"next_cursor": page["next_cursor"]}

    def _save(self, name: str, content: File) -> str:
        content.seek(0)
        self._ask(
            cloudinary.uploader.upload,
            content.read(),
            public_id=_public_id(name),
            filename=name.rpartition("/")[2],
        )
        return name

    def _ask(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = call(*arguments, **self._account, **options, timeout=PATIENCE)
        except cloudinary.exceptions.Error as error:
            raise CloudinaryError(f"Cloudinary: {error}") from error
        return answer


def _public_id(name: str) -> str:
    return name.rpartition(".")[0]


# Many pictures are on a page, each with several addresses.
@functools.lru_cache(maxsize=10_000)
def _address(name: str, width: int | None, account: tuple[tuple[str, str], ...]) -> str:
    """That of a size is signed: nobody else can have others made at the account's expense."""
    size: dict[str, Any] = {}
    if width is not None:
        size = {"width": width, "crop": "limit", "fetch_format": "auto", "quality": "auto"}
    address, _unused = cloudinary.utils.cloudinary_url(
        name, secure=True, sign_url=bool(size), **size, **dict(account)
    )
    return str(address)
