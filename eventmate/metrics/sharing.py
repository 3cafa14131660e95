"""How the counts of the web workers become one: each writes to files in a folder that Gunicorn's
master makes, and what a worker has counted outlives it in an archive.

The hooks are called by gunicorn_config.py. prometheus_client looks for the folder when it is
imported, so nothing here imports it before there is one.
"""

import fcntl
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Metric

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
PREFIX = "eventmate-metrics-"
# Whoever writes to a mapped file when the disk is full is killed. Memory does not fill up so.
MEMORY = Path("/dev/shm")  # noqa: S108  # mkdtemp makes a folder in it that is ours alone
PATIENCE_OF_MASTER = 0.5
PATIENCE_OF_READER = 1.0

logger = logging.getLogger(__name__)

_ended: set[int] = set()


def begin() -> None:
    """Make the folder of this master and of its workers, and remove those of masters that were
    killed.

    Whoever uses a folder has a lock on it: the master, and each worker that it forked.
    """
    parent = MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    for abandoned in parent.glob(f"{PREFIX}*"):
        _remove_unless_used(abandoned)
    draft = _locked_draft(parent)
    folder = draft.rename(parent / draft.name.removeprefix("new-"))
    os.environ[VARIABLE] = str(folder)


def before_fork() -> None:
    """Make the folder again where somebody has cleared it away: a worker does not start without."""
    folder = shared_folder()
    if folder and not folder.is_dir():
        _locked_draft(folder.parent).rename(folder)


def _locked_draft(parent: Path) -> Path:
    """A new folder to be renamed: under its final name it is never without this process's lock."""
    draft = Path(tempfile.mkdtemp(prefix=f"new-{PREFIX}", dir=parent))
    fcntl.flock(os.open(draft, os.O_RDONLY), fcntl.LOCK_EX)
    return draft


def retire(pid: int) -> None:
    """Add what a worker that has ended counted to the archive, and forget the rest.

    Workers are replaced again and again: without this, their files would pile up.
    """
    folder = shared_folder()
    if folder is None:
        return
    _ended.add(pid)
    try:
        with _locked(folder, PATIENCE_OF_MASTER):
            for ended in _ended:
                _fold(folder, ended)
    except OSError as error:  # the next one that ends takes it along
        logger.warning("The counts of worker %d wait: %s", pid, error)
    else:
        _ended.clear()


def end() -> None:
    if folder := shared_folder():
        shutil.rmtree(folder, ignore_errors=True)


def shared_folder() -> Path | None:
    """Where the web workers count, or None where this process counts for itself."""
    name = os.environ.get(VARIABLE)
    return Path(name) if name else None


def process_metrics() -> Iterable["Metric"]:
    """What has been counted, over all web workers where Gunicorn serves. Raises OSError where the
    files cannot be read, TimeoutError where another holds them for too long.
    """
    folder = shared_folder()
    if folder is None:
        from eventmate.metrics.instruments import PROCESS

        return list(PROCESS.collect())
    from prometheus_client.multiprocess import MultiProcessCollector

    with _locked(folder, PATIENCE_OF_READER):
        # A worker that starts makes its files empty.
        files = [str(path) for path in folder.glob("*.db") if path.stat().st_size]
        metrics: Iterable[Metric] = MultiProcessCollector.merge(files)
        return metrics


def _fold(folder: Path, pid: int) -> None:
    from prometheus_client.mmap_dict import MmapedDict
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(pid, str(folder))
    for kind in ("counter", "histogram"):
        source = folder / f"{kind}_{pid}.db"
        if not source.exists():
            continue
        if source.stat().st_size:
            archive = MmapedDict(str(folder / f"{kind}_archive.db"))
            for key, value, _, _ in MmapedDict.read_all_values_from_file(str(source)):
                archive.write_value(key, archive.read_value(key)[0] + value, 0.0)
            archive.close()
        source.unlink()


def _remove_unless_used(folder: Path) -> None:
    with suppress(OSError):  # somebody else's, or gone meanwhile
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
        finally:
            os.close(descriptor)


@contextmanager
def _locked(folder: Path, patience: float) -> Iterator[None]:
    """Between reading and folding, so that no count is seen twice or not at all."""
    deadline = time.monotonic() + patience
    with (folder / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError("another process reads or writes the counts") from None
            time.sleep(0.01)
        yield
