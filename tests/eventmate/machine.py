"""A bare machine for a test: an environment that says nothing, and processes to watch."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from eventmate.embedded.paths import REPOSITORY

# What a newcomer's shell has not set.
OURS = (
    "CACHE_KEY_PREFIX",
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "EVENTMATE_DATA_DIR",
    "HOST",
    "PORT",
    "REDIS_URL",
    "WEB_CONCURRENCY",
)


def bare_environment(data: Path, **settings: str) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**environment, "EVENTMATE_DATA_DIR": str(data), **settings}


def run(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run this Python in the repository."""
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=REPOSITORY, env=env, capture_output=True, text=True, check=False
    )


def wait_until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "still not so"
        time.sleep(0.05)


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def running(*words: str) -> list[psutil.Process]:
    """The processes whose command line has all the words."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or ())
        if all(word in line for word in words):
            found.append(process)
    return found
