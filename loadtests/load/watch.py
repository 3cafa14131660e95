"""What a site takes while it is visited: CPU, memory and connections to the database."""

import contextlib
from dataclasses import dataclass, field

import psutil
import psycopg

from loadtests.bench.cpu import Shares

MEGABYTE = 2**20
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"

Groups = dict[str, list[psutil.Process]]


@dataclass
class Watch:
    """Of groups of processes, with all that came from them; begins when it is made."""

    groups: Groups
    database_url: str
    most_connections: int = 0
    most_memory: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._shares = Shares(self.groups)
        self._database = psycopg.connect(self.database_url, autocommit=True)

    def look(self) -> None:
        """Note how much there is right now, but for the watch's own connection."""
        row = self._database.execute(CONNECTIONS).fetchone()
        assert row
        self.most_connections = max(self.most_connections, row[0] - 1)
        for name, processes in self.groups.items():
            used = sum(map(memory, processes))
            self.most_memory[name] = max(self.most_memory.get(name, 0.0), used)

    def cpu_percent(self) -> dict[str, float]:
        """Of all cores together, since the beginning."""
        return self._shares.percent()

    def close(self) -> None:
        self._database.close()


def memory(process: psutil.Process) -> float:
    """Megabytes, of which what processes share counts once."""
    used = 0
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            used += one.memory_full_info().pss
    return used / MEGABYTE
