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
