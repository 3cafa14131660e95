"""The processes that write. Nothing that they import may need Django to be set up."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.synchronize import Barrier
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
    """Processes for what stands below, that have begun. When it is left, they finish the batch at
    hand.
    """
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        count,
        mp_context=context,
        initializer=_start,
        # None is idle before all are there: else a pool would begin the last ones later.
        initargs=(conninfo, plan, context.Barrier(count)),
    )
    try:
        with stops_held_back():
            for _ in range(count):
                pool.submit(_begin)
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def stops_held_back() -> Iterator[None]:
    """SIGINT and SIGTERM take effect afterwards. Between them and a process that is being handed
    what it is to do, it would end with a traceback of its own.
    """
    held: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _frame: held.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)
        for number in held:
            signal.raise_signal(number)


def write(batch: Batch) -> int:
    return _writer.write(batch)


def draw(batch: Batch, event_keys: range, type_keys: range, folder: Path) -> None:
    _writer.draw(batch, event_keys, type_keys, folder)


def tidy() -> None:
    _writer.tidy()


def _begin() -> None:
    """Nothing, but in a process."""


def _start(conninfo: str, plan: Plan, all_are_there: Barrier) -> None:
    global _writer
    # Ctrl-C reaches all processes of a terminal; it is the first one that stops the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _writer = Writer(conninfo, plan)
    all_are_there.wait()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
