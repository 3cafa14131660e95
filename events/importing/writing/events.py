"""Records as rows of Event: new ones, changed ones, and those that are left alone."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DataError, IntegrityError

from events.importing.description import description_of, summary_of
from events.importing.outcome import Outcome, Result
from events.importing.record import EventRecord
from events.importing.writing.catalogue import Catalogue
from events.importing.writing.slugs import event_slugs
from events.importing.writing.tables import upsert
from events.models import Event, EventStatus

CONTENT = (
    *("title", "summary", "description", "category_id", "city_id", "host_id", "venue", "address"),
    *("latitude", "longitude", "is_online", "website", "language"),
    *("starts_at", "ends_at", "is_all_day", "timezone", "status"),
)
UPDATED = (*CONTENT, "updated_at")


def write_batch(records: Sequence[EventRecord], catalogue: Catalogue) -> list[Outcome]:
    """Brings the records into the database in one transaction. Where the database refuses the
    batch, it is tried in halves, so that only those are refused that it cannot take.
    """
    catalogue.prepare(records)
    uids = [record.uid for record in records]
    existing = {
        event.uid: event
        for event in Event.objects.filter(uid__in=uids).only("uid", "slug", *CONTENT)
    }
    slugs = free_slugs([record for record in records if record.uid not in existing])
    pending: list[tuple[Event, Outcome]] = []
    outcomes: list[Outcome] = []
    for record in records:
        found = existing.get(record.uid)
        event = event_of(record, catalogue, found, slugs.get(record.uid, ""))
        outcome = Outcome.of_record(record, result_for(event, found))
        outcomes.append(outcome)
        if outcome.result is not Result.UNCHANGED:
            pending.append((event, outcome))
    refused = save(pending)
    return [
        refused.get(record.uid, outcome) for record, outcome in zip(records, outcomes, strict=True)
    ]


def event_of(
    record: EventRecord, catalogue: Catalogue, existing: Event | None, new_slug: str
) -> Event:
    """The event as the record has it. An event that is there already keeps its address and, but
    for a cancellation, its status: publishing and withdrawing are done on the site.
    """
    latitude, longitude = record.position or (None, None)
    return Event(
        uid=record.uid,
        slug=existing.slug if existing else new_slug,
        title=record.title,
        summary=summary_of(record),
        description=description_of(record),
        category=catalogue.category(record.subject),
        city=catalogue.city(record.place),
        host=catalogue.host(record.host),
        venue=record.venue,
        address=record.address,
        latitude=latitude,
        longitude=longitude,
        is_online=record.is_online,
        website=record.website,
        language=record.language,
        starts_at=record.starts_at,
        ends_at=record.ends_at,
        is_all_day=record.is_all_day,
        timezone=record.timezone,
        status=status_of(record, existing),
    )


def status_of(record: EventRecord, existing: Event | None) -> str:
    if record.is_cancelled:
        return EventStatus.CANCELLED
    if existing is not None:
        return existing.status
    return EventStatus.DRAFT if record.is_draft else EventStatus.PUBLISHED


def result_for(event: Event, existing: Event | None) -> Result:
    if existing is None:
        return Result.CREATED
    return Result.UNCHANGED if content_of(event) == content_of(existing) else Result.UPDATED


def content_of(event: Event) -> list[Any]:
    return [getattr(event, name) for name in CONTENT]


def free_slugs(records: Iterable[EventRecord]) -> dict[str, str]:
    """A slug by UID for each new event, such as no other event has."""
    candidates = {record.uid: event_slugs(record) for record in records}
    wanted = {slug for slugs in candidates.values() for slug in slugs}
    taken = set(Event.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    slugs = {}
    for uid, choices in candidates.items():
        slugs[uid] = next((slug for slug in choices if slug not in taken), choices[-1])
        taken.add(slugs[uid])
    return slugs


def save(pending: Sequence[tuple[Event, Outcome]]) -> dict[str, Outcome]:
    """The refusals by UID, for what the database did not take."""
    if not pending:
        return {}
    try:
        upsert((event for event, _outcome in pending), UPDATED)
    except (DataError, IntegrityError) as error:
        if len(pending) > 1:
            half = len(pending) // 2
            return save(pending[:half]) | save(pending[half:])
        [(event, outcome)] = pending
        reason = str(error).splitlines()[0]
        return {event.uid: outcome.as_refusal(f"The database refuses it: {reason}.")}
    return {}
