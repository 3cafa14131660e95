"""Folders that take seconds to make and are the same for all: made once, and copied from."""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

FOLDER = "LOADTESTS_FOLDER"
"""The variable that names a folder which several processes share: those of one run of the tests."""


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of this name, which ``make`` fills for the first who asks."""
    folder = _shared_folder() / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = Path(tempfile.mkdtemp(dir=_shared_folder()))
            make(unfinished)
            unfinished.rename(folder)
    return folder


@cache
def _shared_folder() -> Path:
    if given := os.environ.get(FOLDER):
        return Path(given)
    folder = Path(tempfile.mkdtemp(prefix="eventmate-made-once-"))
    atexit.register(shutil.rmtree, folder)
    return folder
