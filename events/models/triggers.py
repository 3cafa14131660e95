"""Triggers that keep the listings true (models/listing.py), whoever changes a row and however."""

import pgtrigger

NEW_ROWS = pgtrigger.Referencing(new="new_rows")
OLD_ROWS = pgtrigger.Referencing(old="old_rows")


def refresh_listings(
    name: str, operation: pgtrigger.Operation, event_ids: str, referencing: pgtrigger.Referencing
) -> pgtrigger.Trigger:
    """After a statement on the model, bring up to date the listings of the events whose ids the
    query ``event_ids`` selects. It reads ``new_rows`` or ``old_rows``.
    """
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=referencing,
        func=f"PERFORM events_refresh_listings(ARRAY({event_ids})); RETURN NULL;",
    )


# Of so few places, every page says how many are left.
FEW = 10
FEW_ARE_LEFT = f"least(OLD.capacity - OLD.taken, NEW.capacity - NEW.taken) <= {FEW}"

# Of more than that in one statement, all pages are made anew.
MOST_TAGS = 1000


def note_changes(tags: str, *operations: pgtrigger.Operation) -> list[pgtrigger.Trigger]:
    """After statements on the model, note what pages show otherwise from now on (page_change.py).
    The query ``tags`` reads ``{rows}``, which are called ``rows``; of an update, as they were and
    as they are.
    """
    return [_note(tags, operation) for operation in operations]


def named(kind: str) -> str:
    """For note_changes: the rows themselves, and the names that people search for."""
    return f"SELECT unnest(ARRAY['{kind}:' || rows.id, 'names']) FROM {{rows}}"  # noqa: S608  # of ours


def _note(tags: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    tables = {
        pgtrigger.Insert: {"new": "new_rows"},
        pgtrigger.Update: {"old": "old_rows", "new": "new_rows"},
        pgtrigger.Delete: {"old": "old_rows"},
    }[operation]
    query = " UNION ".join(tags.format(rows=f"{table} AS rows") for table in tables.values())
    return pgtrigger.Trigger(
        name=f"show_{str(operation).lower()}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**tables),
        func=note_tags(query),
    )


def note_tags(query: str) -> str:
    """The body of a trigger that notes what the query selects."""
    some = f"SELECT * FROM ({query}) AS tags LIMIT {MOST_TAGS + 1}"  # noqa: S608  # of ours
    return f"PERFORM events_note_changes(ARRAY({some})); RETURN NULL;"
