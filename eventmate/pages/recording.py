"""What is noted of a page while it is rendered for everyone."""

import datetime as dt
import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.safestring import SafeString

# The form's token, which is the visitor's own.
TOKEN = "token"  # noqa: S105  # the name of a slot

_recording: ContextVar["Recording | None"] = ContextVar("recording", default=None)


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of a page in the words for each kind of visitor: one who is not logged in, a member,
    and a member of whom the fact holds for this number, such as that they keep the event.
    """

    visitor: str
    member: str
    fact: str = ""
    number: int = 0
    holds: str = ""


@dataclass
class Recording:
    """``tags`` are what the page shows, ``moments`` when time itself changes that. Spots and slots
    stand in the page as marks, which nobody who writes texts can guess.
    """

    tags: set[str] = field(default_factory=set)
    moments: set[dt.datetime] = field(default_factory=set)
    spots: list[Spot] = field(default_factory=list)
    visit: tuple[Any, ...] | None = None
    nonce: str = field(default_factory=lambda: secrets.token_hex(8))

    def spot(self, spot: Spot) -> SafeString:
        self.spots.append(spot)
        return self._mark(str(len(self.spots) - 1))

    def slot(self, name: str) -> SafeString:
        return self._mark(name)

    def _mark(self, name: str) -> SafeString:
        return SafeString(f"\x02{self.nonce}:{name}\x03")


@contextmanager
def recording() -> Iterator[Recording]:
    record = Recording()
    token = _recording.set(record)
    try:
        yield record
    finally:
        _recording.reset(token)


def current_recording() -> Recording | None:
    """That of the page that is being rendered for everyone, or None where it is for one visitor."""
    return _recording.get()


def shows(*tags: str) -> None:
    """Note that the page shows what the tags name, and has to be made anew when that changes."""
    if record := _recording.get():
        record.tags.update(tags)


def shows_until(*moments: dt.datetime | None) -> None:
    """Note when what the page shows changes by the clock alone."""
    if record := _recording.get():
        record.moments.update(filter(None, moments))


class Shown(models.Model):
    """Of models whose rows are on pages: whatever is loaded while one is recorded is on it."""

    # Columns with the moments from which it is shown otherwise.
    shown_until: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any
    ) -> Self:
        row = super().from_db(db, field_names, values, **options)
        if (record := _recording.get()) is not None:
            record.tags.add(f"{cls._meta.model_name}:{row.pk}")
            loaded = vars(row)
            record.moments.update(filter(None, map(loaded.get, cls.shown_until)))
        return row
