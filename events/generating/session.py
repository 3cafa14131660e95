"""The front door: what events refer to is written here, the events by processes beside this one."""

import datetime as dt
from collections.abc import Generator, Iterator
from concurrent.futures import as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from events.generating.catalogue import make_plan
from events.generating.drawing import PIECE, UID
from events.generating.exceptions import AlreadyGenerating
from events.generating.filling import Filling, may_fill
from events.generating.plan import Batch, Plan
from events.generating.processes import tidy, write, writers
from events.models import Event, ListingSource
from events.page_changes import note_change_of_everything
from events.services.listings import renew_search_in_parallel

# Events of a transaction that adds to what is there.
BATCH_SIZE = 5_000
LOCK = "eventmate.generate_events"


@dataclass(frozen=True, slots=True)
class Written:
    """So many more events, and whether they stay whatever happens next."""

    count: int
    are_committed: bool


def generate_events(
    count: int, *, seed: int, upcoming_share: float, today: dt.date, processes: int, at_once: bool
) -> Generator[Written]:
    """Write ``count`` events; yields how many more there are each time some have been written.

    The events are numbered, on from those that were generated before. The same seed, ``today``
    and first number give the same ones, but for their keys. Where there are no events yet, or where
    it may be ``at_once``, they are written in a faster way and committed together (filling.py).

    Raises AlreadyGenerating where another process is at it, and what psycopg raises, or
    BrokenProcessPool where a process was killed. What was committed by then stays, and is whole.
    """
    with alone():
        first = next_number()
        plan = make_plan(
            seed=seed, today=today, upcoming_share=upcoming_share, first=first, count=count
        )
        numbers = range(first, first + count)
        with psycopg.connect(own_conninfo(), autocommit=True) as other:
            if may_fill(other, at_once=at_once):
                yield from fill(other, plan, numbers)
            else:
                yield from add(plan, numbers, processes)
        note_change_of_everything()


def fill(connection: psycopg.Connection, plan: Plan, numbers: range) -> Iterator[Written]:
    """This process writes what another one draws, which takes a third of the time."""
    filling = Filling(plan, batches_of(numbers, PIECE), listing_columns())
    # The folder goes after the process that writes into it.
    with TemporaryDirectory() as folder, writers(1, own_conninfo(), plan) as pool:
        yield Written(0, are_committed=False)
        for written in filling.run(connection, pool, Path(folder)):
            yield Written(written, are_committed=False)
        yield Written(0, are_committed=True)
        renew_search_in_parallel(and_then=lambda: pool.submit(tidy).result())


def add(plan: Plan, numbers: range, processes: int) -> Iterator[Written]:
    with writers(processes, own_conninfo(), plan) as pool:
        batches = batches_of(numbers, BATCH_SIZE)
        for written in as_completed([pool.submit(write, batch) for batch in batches]):
            yield Written(written.result(), are_committed=True)
        renew_search_in_parallel(and_then=lambda: pool.submit(tidy).result())


def batches_of(numbers: range, size: int) -> list[Batch]:
    parts = (numbers[start : start + size] for start in range(0, len(numbers), size))
    return [Batch(part.start, len(part)) for part in parts]


def listing_columns() -> tuple[str, ...]:
    """Those that a listing has from its source."""
    return tuple(field.column for field in ListingSource._meta.concrete_fields if field.column)


def next_number() -> int:
    last = (
        Event.objects.filter(uid__startswith=UID)
        .order_by("-uid")
        .values_list("uid", flat=True)
        .first()
    )
    return 1 + int(last.rpartition("-")[2]) if last else 1


def own_conninfo() -> str:
    connection.ensure_connection()
    info = connection.connection.info
    return make_conninfo(info.dsn, password=info.password or None)


@contextmanager
def alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [LOCK])
        if not cursor.fetchone()[0]:
            raise AlreadyGenerating
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [LOCK])
