"""A real Gunicorn for a test, started as an operator would, on a port of its own."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eventmate.embedded.paths import REPOSITORY
from eventmate.embedded.process import Process


@dataclass(frozen=True)
class Running:
    process: Process
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def gunicorn(
    folder: Path, *arguments: str, env: dict[str, str], pass_fds: tuple[int, ...] = ()
) -> Iterator[Running]:
    """Gunicorn with these arguments. Its log goes to the folder; it may end by itself."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        process = Process(
            "web server",
            [sys.executable, "-m", "gunicorn", "-b", f"fd://{listener.fileno()}", *arguments],
            log=folder / "gunicorn.log",
            env=env,
            cwd=REPOSITORY,
            pass_fds=(listener.fileno(), *pass_fds),
        )
        process.start()
        try:
            yield Running(process, listener.getsockname()[1], folder / "gunicorn.log")
        finally:
            process.stop(grace=10)
