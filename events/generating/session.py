"""The front door: what events refer to is written here, the events by processes beside this one."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import as_completed
from contextlib import contextmanager

from django.db import connection
from psycopg.conninfo import make_conninfo

from events.generating.catalogue import make_plan
from events.generating.drawing import UID
from events.generating.exceptions import AlreadyGenerating
from events.generating.plan import Batch
from events.generating.processes import tidy, write, writers
from events.models import Event
from events.services.listings import renew_search_in_parallel

BATCH_SIZE = 20_000
LOCK = "eventmate.generate_events"


def generate_events(
    count: int, *, seed: int, upcoming_share: float, today: dt.date, processes: int
) -> Iterator[int]:
    """Write ``count`` events; yields how many more there are each time some have been committed.

    The events are numbered, on from those that were generated before. The same seed, day and first
    number give the same ones, but for their keys. Raises AlreadyGenerating where another process is
    at it, and what psycopg raises, or BrokenProcessPool where a process was killed. What was
    committed by then stays, and is whole.
    """
    with alone():
        first = next_number()
        plan = make_plan(
            seed=seed, today=today, upcoming_share=upcoming_share, first=first, count=count
        )
        batches = (
            Batch(number, min(BATCH_SIZE, first + count - number))
            for number in range(first, first + count, BATCH_SIZE)
        )
        with writers(processes, own_conninfo(), plan) as pool:
            for written in as_completed([pool.submit(write, batch) for batch in batches]):
                yield written.result()
            renew_search_in_parallel(and_then=lambda: pool.submit(tidy).result())


def next_number() -> int:
    last = (
        Event.objects.filter(uid__startswith=UID.partition("{")[0])
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
