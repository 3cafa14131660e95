"""Pages as if a view had rendered them for everyone, and changes to what they show."""

import random
import time
from typing import Any

import psycopg

from eventmate.pages.page import Page, page_of
from eventmate.pages.recording import Recording

HTML = "text/html; charset=utf-8"
SNAPSHOT = "10:10:"


def page(
    address: str, content: str = "Jazz", *, record: Recording | None = None, **about: Any
) -> Page:
    """One that is fresh for a minute, and shows what the record says."""
    now = time.time()
    given = {
        "until": now + 60,
        "made_at": now,
        "address": address,
        "ignores_query": False,
        "content_type": HTML,
        "route": "events:detail",
        "snapshot": SNAPSHOT,
    }
    return page_of(record or Recording(), content.encode(), **given | about)


def showing(address: str, *tags: str, content: str = "Jazz") -> Page:
    return page(address, content, record=Recording(tags=set(tags)))


def incompressible(size: int) -> str:
    return random.Random(1).randbytes(size // 2).hex()


def note(connection: psycopg.Connection, *tags: str) -> None:
    """In the transaction of the connection, as triggers do."""
    connection.execute("SELECT events_note_changes(%s)", [list(tags)])
