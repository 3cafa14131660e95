"""The processes that write. Nothing that they import may need Django to be set up."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from pathlib import Path

from events.generating.plan import Batch, Plan
from events.generating.writing import Writer

_writer: Writer


def available_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def writers(count: int, conninfo: str, plan: Plan) -> Iterator[ProcessPoolExecutor]:
    """Processes for what stands below. When it is left, they finish the batch at hand."""
    pool = ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=(conninfo, plan),
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def write(batch: Batch) -> int:
    return _writer.write(batch)


def draw(batch: Batch, event_keys: range, type_keys: range, folder: Path) -> None:
    _writer.draw(batch, event_keys, type_keys, folder)


def tidy() -> None:
    _writer.tidy()


def _start(conninfo: str, plan: Plan) -> None:
    global _writer
    # Ctrl-C reaches all processes of a terminal; it is the first one that stops the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _writer = Writer(conninfo, plan)


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
