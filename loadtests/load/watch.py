"""What a site takes while it is visited: CPU, memory and connections to the database."""

import contextlib
import time
from dataclasses import dataclass, field
from typing import Self

import psutil
import psycopg

from loadtests.bench.cpu import Shares

MEGABYTE = 2**20
# Seconds between two looks at memory. To add up what PostgreSQL's processes have mapped takes as
# long as dozens of requests.
MEMORY_EVERY = 10.0
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"

Groups = dict[str, list[psutil.Process]]


@dataclass
class Watch:
    """Of groups of processes, with all that came from them. ``cpu``, in percent of all cores
    together, is known at the end of the block that it is a context of. ``worker_memory`` are
    megabytes that the largest web worker shared with no other, at each look at memory.
    """

    groups: Groups
    database_url: str
    cpu: dict[str, float] = field(default_factory=dict)
    most_connections: int = 0
    most_memory: dict[str, float] = field(default_factory=dict)
    worker_memory: list[float] = field(default_factory=list)
    _memory_due: float = 0.0

    def __enter__(self) -> Self:
        self._database = psycopg.connect(self.database_url, autocommit=True)
        self._shares = Shares(self.groups)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.cpu = self._shares.percent()
        self._database.close()

    def look(self) -> None:
        """Note how much there is right now, but for the watch's own connection."""
        row = self._database.execute(CONNECTIONS).fetchone()
        assert row
        self.most_connections = max(self.most_connections, row[0] - 1)
        if time.monotonic() < self._memory_due:
            return
        self._memory_due = time.monotonic() + MEMORY_EVERY
        for name, processes in self.groups.items():
            used = sum(map(memory, processes))
            self.most_memory[name] = max(self.most_memory.get(name, 0.0), used)
        children = [worker for master in self.groups["web"] for worker in master.children()]
        self.worker_memory.append(max(map(own_memory, children), default=0.0))


def own_memory(process: psutil.Process) -> float:
    """Megabytes that it shares with no other; 0 for one that is gone."""
    try:
        return float(process.memory_full_info().uss / MEGABYTE)
    except psutil.NoSuchProcess:
        return 0.0


def memory(process: psutil.Process) -> float:
    """Megabytes, of which what processes share counts once."""
    used = 0
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            used += one.memory_full_info().pss
    return used / MEGABYTE
