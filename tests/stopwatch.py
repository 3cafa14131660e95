"""Seconds in which this machine ran."""

import time
from typing import Self

from tests.alongside import Alongside

LONGEST = 0.05


class Stopwatch(Alongside):
    """Counts while its block runs, and hardly while the machine stands still or is busy elsewhere:
    what it shows is what the code under test has waited for by itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def __enter__(self) -> Self:
        self._last = time.monotonic()
        return super().__enter__()

    def look(self) -> None:
        now = time.monotonic()
        self.seconds += min(now - self._last, LONGEST)
        self._last = now
