"""Lines of JSON logs, read back."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Line = dict[str, Any]

PATIENCE = 20.0


def lines_of(path: Path) -> list[Line]:
    """All of them, which are JSON; the last may still be being written."""
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def wait_for(path: Path, matches: Callable[[Line], bool]) -> Line:
    """The first line that does, which may not have been written yet."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for line in lines_of(path):
            if matches(line):
                return line
        time.sleep(0.05)
    raise AssertionError(f"no such line in {path.read_text()}")
