import contextlib
import subprocess
from collections.abc import Iterator

import psutil


def writers_of(command: subprocess.Popen[bytes]) -> Iterator[psutil.Process]:
    """The processes beside it that have begun."""
    for process in psutil.Process(command.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if "spawn_main" in " ".join(process.cmdline()):
                yield process


def kill_a_writer(command: subprocess.Popen[bytes]) -> None:
    next(writers_of(command)).kill()
