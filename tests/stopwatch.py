"""Seconds that code has waited, on a machine that ran."""

import time
from typing import Self

from tests.alongside import Alongside

LONGEST = 0.05


class Stopwatch(Alongside):
    """Counts while its block runs, but for what this process computes, and hardly while the machine
    stands still or is busy elsewhere: what it shows is what the code under test has waited for by
    itself.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def __enter__(self) -> Self:
        self._last, self._computed = time.monotonic(), time.process_time()
        return super().__enter__()

    def look(self) -> None:
        now, computed = time.monotonic(), time.process_time()
        passed = min(now - self._last, LONGEST)
        self.seconds += max(0.0, passed - (computed - self._computed))
        self._last, self._computed = now, computed
