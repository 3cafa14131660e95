"""What every row becomes, whatever its file: all that the database needs to know of an event."""

import datetime as dt
from dataclasses import dataclass

from events.distance import Position
from events.importing.places.locating import Place
from events.importing.subjects import Subject
from events.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    text: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallForPapers:
    address: str
    until: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """``moved_from`` holds the real dates of an event that was moved for a demo."""

    line: int
    uid: str
    title: str
    subject: Subject
    kind: str
    host: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_all_day: bool
    timezone: str
    place: Place | None
    is_online: bool
    is_cancelled: bool
    is_draft: bool
    venue: str = ""
    address: str = ""
    position: Position | None = None
    website: str = ""
    language: str = ""
    summary: str = ""
    text: str = ""
    topics: tuple[str, ...] = ()
    call_for_papers: CallForPapers | None = None
    links: tuple[Link, ...] = ()
    has_sign_language: bool = False
    moved_from: Schedule | None = None
    remarks: tuple[str, ...] = ()

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.starts_at, self.ends_at, self.timezone, is_all_day=self.is_all_day)
