"""The embedded PostgreSQL: shared by every process of this checkout, or private to one."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from eventmate.embedded.cluster import Cluster
from eventmate.embedded.errors import ServiceError

DATABASE = "eventmate"

# PostgreSQL's own cache, in megabytes: an eighth of the memory, taken as it is needed.
LEAST_BUFFERS, MOST_BUFFERS = 128, 1024
BUFFERS = min(MOST_BUFFERS, max(LEAST_BUFFERS, psutil.virtual_memory().total // (8 << 20)))

SETTINGS = {
    "max_connections": "100",
    "jit": "off",
    "log_checkpoints": "off",
    "shared_buffers": f"{BUFFERS}MB",
    # Reached only while so much is written at once, as in a large import: a checkpoint in between
    # would have it written twice.
    "max_wal_size": "4GB",
    # No replica follows it. So files that are new in a transaction need no log.
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# For data that nobody will miss: no waiting for the disk.
PRIVATE_SETTINGS = {
    **SETTINGS,
    "max_connections": "300",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def url(data: Path) -> str:
    """Return the URL of the database in the data directory, running or not."""
    return _shared_cluster(data).url(DATABASE)


@contextmanager
def joined(data: Path) -> Iterator[str]:
    """Hold the server of the data directory, started if it is not running, and yield its URL.

    The last to leave stops it. Who holds it is a shared lock on a file, which the kernel drops
    even for a process that is killed; a server left so is joined, and stopped, by the next.
    """
    cluster = _shared_cluster(data)
    with _opened(data / "postgres.holders") as holders:
        with _alone(data):
            if not cluster.answers():
                cluster.start()
            cluster.ensure_database(DATABASE)
            fcntl.flock(holders, fcntl.LOCK_SH)
        try:
            yield cluster.url(DATABASE)
        finally:
            with _alone(data):
                if _is_last(holders):
                    cluster.stop()


@dataclass
class Server:
    """The server of a data directory that this process has joined, to be watched and revived."""

    data: Path
    name: str = field(default="database server", init=False)
    exit_code: None = field(default=None, init=False)  # it may be another process's child

    @property
    def log(self) -> Path:
        return _shared_cluster(self.data).log

    @property
    def running(self) -> bool:
        return _shared_cluster(self.data).running

    def start(self) -> None:
        """Start it, unless somebody else has.

        Raises ServiceError where it does not start, as while what is left of a server that was
        killed still has its memory.
        """
        with _alone(self.data):
            cluster = _shared_cluster(self.data)
            if not cluster.answers():
                cluster.start()


@contextmanager
def private(settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run a fast server that forgets everything, in a temporary folder, and yield its URL."""
    folder = Path(tempfile.mkdtemp(prefix="eventmate-"))
    cluster = Cluster(
        folder / "postgres",
        log=folder / "postgres.log",
        settings={**PRIVATE_SETTINGS, **(settings or {})},
        sync=False,
        leashed=True,
    )
    try:
        cluster.start()
        cluster.ensure_database(DATABASE)
        yield cluster.url(DATABASE)
    finally:
        cluster.stop()
        shutil.rmtree(folder)


def _shared_cluster(data: Path) -> Cluster:
    return Cluster(data / "postgres", log=data / "log" / "postgres.log", settings=SETTINGS)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        # Reading is all that a lock needs, and works where another user made the file.
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    except OSError as error:
        raise ServiceError(f"{path} cannot be opened ({error.strerror}).") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Keep others from starting or stopping the server meanwhile."""
    with _opened(data / "postgres.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(holders: int) -> bool:
    try:
        fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
