"""A process that does what it is told in lines of JSON, and answers each with one."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from eventmate.embedded.paths import REPOSITORY

Order = dict[str, Any]
Report = dict[str, Any]


class Child:
    """One that runs; ``tell`` it what to do, then ``hear`` what came of it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    def tell(self, **order: Any) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def hear(self) -> Report:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, f"process {self.pid} ended without an answer"
        report: Report = json.loads(line)
        return report


@contextmanager
def started(module: str, environment: Mapping[str, str]) -> Iterator[Child]:
    """A module that calls ``obey``, as a process; it ends with its standard input."""
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(environment),
        cwd=REPOSITORY,
    )
    try:
        yield Child(process)
    finally:
        process.kill()
        process.communicate()


def obey(do: Callable[[Order], Report]) -> None:
    """Carry out orders from standard input until it ends."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(do(json.loads(line))) + "\n")
        sys.stdout.flush()
