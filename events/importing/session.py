"""The front door: a file's rows, one outcome for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from events.importing.exceptions import RowRefused
from events.importing.field_names import FIELD_OF_NAME, fold_name
from events.importing.mapping.calendar import record_of_calendar_event
from events.importing.mapping.context import MappingContext
from events.importing.mapping.table import record_of_table_row
from events.importing.outcome import Outcome, Result
from events.importing.places.locating import Place
from events.importing.readers.source import FileFormat, RawRow, RowSource
from events.importing.record import EventRecord
from events.importing.upcoming import as_upcoming
from events.importing.writing.catalogue import Catalogue
from events.importing.writing.events import write_batch
from events.importing.writing.tables import make_tables, note_lines

BATCH_SIZE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportChoices:
    """What the person who runs the import decides; empty values leave it to the file."""

    owner: AbstractBaseUser
    host: str = ""
    category: str = ""
    zone: str = "UTC"
    place: Place | None = None
    is_draft: bool = False
    moves_to_upcoming: bool = False


def import_events(source: RowSource, choices: ImportChoices) -> Iterator[Outcome]:
    """The outcome of each row of the file. Rows are taken as the outcomes are asked for, each batch
    in a transaction of its own; of two rows with one UID the second is refused.
    """
    context = context_of(source, choices)
    catalogue = Catalogue(choices.owner)
    make_tables()
    while rows := list(islice(source.rows, BATCH_SIZE)):
        outcomes: list[Outcome] = []
        read: list[tuple[RawRow, EventRecord]] = []
        for row in rows:
            try:
                read.append((row, record_of(row, source.file_format, context, choices)))
            except RowRefused as refusal:
                outcomes.append(refusal_of(row, str(refusal)))
        records, refusals = without_seconds(read)
        outcomes += refusals
        outcomes += write_batch(records, catalogue)
        yield from sorted(outcomes, key=lambda outcome: outcome.line)


def without_seconds(
    read: Sequence[tuple[RawRow, EventRecord]],
) -> tuple[list[EventRecord], list[Outcome]]:
    """The records whose UID the file has not had before, and the refusals of the others."""
    first_lines: dict[str, int] = {}
    for _row, record in read:
        first_lines.setdefault(record.uid, record.line)
    lines = note_lines(first_lines)
    records: list[EventRecord] = []
    refusals: list[Outcome] = []
    for row, record in read:
        if record.uid in lines:
            reason = f"The same event (UID) stands on line {lines[record.uid]}."
            refusals.append(refusal_of(row, reason))
        else:
            lines[record.uid] = record.line
            records.append(record)
    return records, refusals


def context_of(source: RowSource, choices: ImportChoices) -> MappingContext:
    return MappingContext(
        host=choices.host,
        category=choices.category,
        zone=choices.zone,
        place=choices.place,
        is_draft=choices.is_draft,
        calendar_name=source.calendar_name,
        calendar_timezone=source.calendar_timezone,
    )


def record_of(
    row: RawRow, file_format: FileFormat, context: MappingContext, choices: ImportChoices
) -> EventRecord:
    if row.problem:
        raise RowRefused(row.problem)
    if file_format is FileFormat.ICALENDAR:
        record = record_of_calendar_event(row.content, row.line, context)
    else:
        record = record_of_table_row(row.content, row.line, context)
    return as_upcoming(record, timezone.now()) if choices.moves_to_upcoming else record


def refusal_of(row: RawRow, reason: str) -> Outcome:
    return Outcome(line=row.line, result=Result.REFUSED, title=title_of(row.content), reason=reason)


def title_of(content: Any) -> str:
    """For the report: enough to find the row again, whatever state it is in."""
    for name, value in (content or {}).items():
        is_title = name == "SUMMARY" or FIELD_OF_NAME.get(fold_name(str(name))) == "title"
        if is_title and isinstance(value, str):
            return " ".join(value.split())[:80]
    return ""
