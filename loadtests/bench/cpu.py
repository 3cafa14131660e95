"""CPU time of groups of processes: the web, PostgreSQL, the clients, the rest of the machine."""

import contextlib
from collections.abc import Iterable

import psutil
from django.db import connection


def cpu_seconds(process: psutil.Process) -> float:
    """Of a process and all that came from it, running or not."""
    total = 0.0
    for one in [*process.children(recursive=True), process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


class Server:
    """The PostgreSQL that Django is connected to, which runs on this machine."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.process = psutil.Process(cursor.fetchone()[0]).parent()

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process)


class Shares:
    """How the machine's CPU time divides between groups of processes from here on."""

    def __init__(self, groups: dict[str, list[psutil.Process]]) -> None:
        self._groups = groups
        self._before = {name: _sum(processes) for name, processes in groups.items()}
        self._machine = psutil.cpu_times()

    def percent(self) -> dict[str, float]:
        """Of all cores together, by group, with ``other processes`` and ``idle``."""
        now = psutil.cpu_times()
        spent = {name: getattr(now, name) - getattr(self._machine, name) for name in now._fields}
        whole = sum(spent[name] for name in spent if not name.startswith("guest")) or 1.0
        idle = spent["idle"] + spent.get("iowait", 0.0)
        found = {
            name: _sum(processes) - self._before[name] for name, processes in self._groups.items()
        }
        found["idle"] = idle
        found["other processes"] = max(0.0, whole - sum(found.values()))
        return {name: 100 * seconds / whole for name, seconds in found.items()}


def _sum(processes: Iterable[psutil.Process]) -> float:
    return sum(cpu_seconds(process) for process in processes)
