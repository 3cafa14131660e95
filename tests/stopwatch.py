"""Seconds in which this machine ran."""

import threading
import time
from typing import Self

TICK = 0.01
LONGEST = 0.05


class Stopwatch:
    """Counts while its block runs, and hardly while the machine stands still or is busy elsewhere:
    what it shows is what the code under test has waited for by itself.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._count, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _count(self) -> None:
        last = time.monotonic()
        while not self._over.wait(TICK):
            now = time.monotonic()
            self.seconds += min(now - last, LONGEST)
            last = now
