"""What the site asks of a storage that makes other sizes of a picture by itself."""

import datetime as dt
from abc import abstractmethod
from collections.abc import Iterator

from django.core.files.storage import Storage


class TransformingStorage(Storage):
    """A picture has an address for each width, and its format there is what the browser takes."""

    @abstractmethod
    def transformed_url(self, name: str, width: int) -> str:
        """Of the picture at a width in pixels."""

    @abstractmethod
    def list_files(self, folder: str, *, before: dt.datetime) -> Iterator[str]:
        """The names of all pictures in a folder, and below it, from before that instant."""
